package io.kubeipvs.ipvs;

import java.util.List;
import java.util.Optional;

/**
 * An option of {@code ipvsadm} 1.31.
 *
 * @param letter its short name, or a blank
 * @param name what the tool's errors call it; several options may share one
 * @param argument whether one follows
 */
record IpvsadmOption(String longName, char letter, String name, Argument argument) {
  enum Argument {
    NONE,
    REQUIRED,
    OPTIONAL
  }

  /** Name of all commands. */
  private static final String COMMAND = "command";

  /** Name of options that may be given anywhere and any number of times. */
  private static final String UNCHECKED = "";

  private static final List<IpvsadmOption> ALL =
      List.of(
          plain("numeric", 'n', "numeric"),
          plain("connection", 'c', "connection"),
          with("tcp-service", 't', "service-address"),
          with("udp-service", 'u', "service-address"),
          with("sctp-service", ' ', "service-address"),
          with("fwmark-service", 'f', "service-address"),
          with("scheduler", 's', "scheduler"),
          new IpvsadmOption("persistent", 'p', "persistent", Argument.OPTIONAL),
          with("netmask", 'M', "netmask"),
          with("real-server", 'r', "real-server"),
          plain("masquerading", 'm', "forwarding-method"),
          plain("ipip", 'i', "forwarding-method"),
          plain("gatewaying", 'g', "forwarding-method"),
          with("weight", 'w', "weight"),
          with("u-threshold", 'x', "u-threshold"),
          with("l-threshold", 'y', "l-threshold"),
          with("mcast-interface", ' ', "mcast-interface"),
          plain("timeout", ' ', "timeout"),
          plain("daemon", ' ', "daemon"),
          plain("stats", ' ', "stats"),
          plain("rate", ' ', "rate"),
          plain("thresholds", ' ', "thresholds"),
          plain("persistent-conn", ' ', "persistent-conn"),
          plain("nosort", ' ', "nosort"),
          with("syncid", ' ', "syncid"),
          plain("exact", 'X', "exact"),
          plain("ops", 'o', "ops"),
          with("pe", ' ', "pe"),
          with("sched-flags", 'b', "sched-flags"),
          with("mcast-group", ' ', "mcast-group"),
          with("mcast-port", ' ', "mcast-port"),
          with("mcast-ttl", ' ', "mcast-ttl"),
          with("sync-maxlen", ' ', "sync-maxlen"),
          plain("tun-info", ' ', "tun-info"),
          with("tun-type", ' ', "tun-type"),
          with("tun-port", ' ', "tun-port"),
          plain("tun-nocsum", ' ', "tun-nocsum"),
          plain("tun-csum", ' ', "tun-csum"),
          plain("tun-remcsum", ' ', "tun-remcsum"),
          plain("ipv6", '6', UNCHECKED),
          plain("sort", ' ', UNCHECKED),
          plain("add-service", 'A', COMMAND),
          plain("edit-service", 'E', COMMAND),
          plain("delete-service", 'D', COMMAND),
          plain("clear", 'C', COMMAND),
          plain("list", 'L', COMMAND),
          plain("list", 'l', COMMAND),
          plain("zero", 'Z', COMMAND),
          plain("add-server", 'a', COMMAND),
          plain("edit-server", 'e', COMMAND),
          plain("delete-server", 'd', COMMAND),
          plain("set", ' ', COMMAND),
          with("start-daemon", ' ', COMMAND),
          with("stop-daemon", ' ', COMMAND),
          plain("help", 'h', COMMAND),
          plain("version", 'v', COMMAND),
          plain("restore", 'R', COMMAND),
          plain("save", 'S', COMMAND));

  /** In the order in which the tool looks for what is missing, illegal or in conflict. */
  private static final List<String> NAMES =
      ALL.stream()
          .map(IpvsadmOption::name)
          .filter(name -> !name.equals(COMMAND) && !name.equals(UNCHECKED))
          .distinct()
          .toList();

  static List<String> names() {
    return NAMES;
  }

  private static IpvsadmOption plain(String longName, char letter, String name) {
    return new IpvsadmOption(longName, letter, name, Argument.NONE);
  }

  private static IpvsadmOption with(String longName, char letter, String name) {
    return new IpvsadmOption(longName, letter, name, Argument.REQUIRED);
  }

  static Optional<IpvsadmOption> ofLetter(char letter) {
    return ALL.stream().filter(o -> o.letter == letter && letter != ' ').findFirst();
  }

  static Optional<IpvsadmOption> ofLongName(String longName) {
    return ALL.stream().filter(o -> o.longName.equals(longName)).findFirst();
  }

  boolean isCommand() {
    return name.equals(COMMAND);
  }

  boolean isChecked() {
    return !name.equals(UNCHECKED);
  }
}
