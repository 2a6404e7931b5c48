package io.kubeipvs.ipvs;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A command of {@code ipvsadm} 1.31, and which options it must, may and may not have. */
enum IpvsadmVerb {
  ADD_SERVICE("add-service"),
  EDIT_SERVICE("edit-service"),
  DELETE_SERVICE("delete-service"),
  CLEAR("clear"),
  LIST("list"),
  ADD_SERVER("add-server"),
  DELETE_SERVER("delete-server"),
  EDIT_SERVER("edit-server"),
  SET("set"),
  START_DAEMON("start-daemon"),
  STOP_DAEMON("stop-daemon"),
  RESTORE("restore"),
  SAVE("save"),
  ZERO("zero"),
  HELP("help"),
  VERSION("version");

  /** The exit code for options that do not fit. */
  private static final int WRONG = 2;

  /** Of these a list takes one. */
  private static final List<String> EXCLUSIVE =
      List.of("connection", "service-address", "timeout", "daemon");

  private static final Set<String> SERVICE = Set.of("service-address");
  private static final Set<String> SERVER = Set.of("service-address", "real-server");
  private static final Set<String> OF_SERVICE =
      Set.of("scheduler", "persistent", "netmask", "ops", "pe", "sched-flags");
  private static final Set<String> OF_SERVER =
      Set.of(
          "forwarding-method",
          "weight",
          "u-threshold",
          "l-threshold",
          "tun-type",
          "tun-port",
          "tun-nocsum",
          "tun-csum",
          "tun-remcsum");
  private static final Set<String> OF_DAEMON =
      Set.of("mcast-interface", "syncid", "mcast-group", "mcast-port", "mcast-ttl", "sync-maxlen");
  private static final Set<String> OF_LIST =
      Set.of(
          "numeric",
          "connection",
          "service-address",
          "timeout",
          "daemon",
          "stats",
          "rate",
          "thresholds",
          "persistent-conn",
          "nosort",
          "syncid",
          "exact",
          "tun-info");

  private final String longName;

  IpvsadmVerb(String longName) {
    this.longName = longName;
  }

  static Optional<IpvsadmVerb> of(IpvsadmOption option) {
    return Stream.of(values()).filter(verb -> verb.longName.equals(option.longName())).findFirst();
  }

  private Set<String> required() {
    return switch (this) {
      case ADD_SERVICE, EDIT_SERVICE, DELETE_SERVICE -> SERVICE;
      case ADD_SERVER, EDIT_SERVER, DELETE_SERVER -> SERVER;
      default -> Set.of();
    };
  }

  private Set<String> optional() {
    return switch (this) {
      case ADD_SERVICE, EDIT_SERVICE -> OF_SERVICE;
      case ADD_SERVER, EDIT_SERVER -> OF_SERVER;
      case LIST -> OF_LIST;
      case SAVE -> Set.of("numeric");
      case ZERO -> SERVICE;
      case START_DAEMON -> OF_DAEMON;
      case STOP_DAEMON -> Set.of("syncid");
      default -> Set.of();
    };
  }

  /**
   * Whether these options go together, in the tool's order of looking at them.
   *
   * @param given names of options
   */
  void check(Set<String> given) throws IpvsadmUsageException {
    Optional<String> exclusive = Optional.empty();
    for (String name : IpvsadmOption.names()) {
      if (!given.contains(name)) {
        checkAbsent(name);
        continue;
      }
      checkPresent(name);
      if (this == LIST && EXCLUSIVE.contains(name)) {
        if (exclusive.isPresent()) {
          throw wrong(
              "The option '%s' conflicts with the '%s' option in the '%s' command"
                  .formatted(name, exclusive.get(), this));
        }
        exclusive = Optional.of(name);
      }
    }
  }

  private void checkAbsent(String name) throws IpvsadmUsageException {
    if (required().contains(name)) {
      throw wrong("You need to supply the '%s' option for the '%s' command".formatted(name, this));
    }
  }

  private void checkPresent(String name) throws IpvsadmUsageException {
    if (!required().contains(name) && !optional().contains(name)) {
      throw wrong("Illegal '%s' option with the '%s' command".formatted(name, this));
    }
  }

  private static IpvsadmUsageException wrong(String message) {
    return new IpvsadmUsageException(message, WRONG);
  }

  /** As the tool's errors call it. */
  @Override
  public String toString() {
    return this == CLEAR ? "flush" : longName;
  }
}
