package io.kubeipvs.ipvs;

import io.kubeipvs.ipvs.IpvsadmListing.View;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a command line of {@code ipvsadm} asks for, checked the way the tool does it and with its
 * words.
 *
 * @param command long name of the command: {@code list}, {@code save}, ...
 * @param options names of the options given
 * @param key of the one service asked for
 */
record IpvsadmRequest(String command, Set<String> options, Optional<ServiceKey> key) {
  /** The exit code of {@code ipvsadm} for options that do not fit. */
  private static final int WRONG = 2;

  private static final int NO_COMMAND = 255;

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
          "sort",
          "syncid",
          "exact",
          "ipv6",
          "tun-info");
  private static final Set<String> OF_SAVE = Set.of("numeric");

  /** Of these a list takes one. */
  private static final List<String> EXCLUSIVE =
      List.of("connection", "service-address", "timeout", "daemon");

  /** {@code 10.0.0.1:80}, {@code [fd00::1]:80}; without a port {@code fd00::1}. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\[(?<v6>[^]]+)]:(?<v6port>[0-9]{1,5})"
              + "|(?<v4>[^:]+)(:(?<v4port>[0-9]{1,5}))?"
              + "|(?<bare>.*:.*:.*)");

  IpvsadmRequest {
    options = Set.copyOf(options);
  }

  static IpvsadmRequest parse(List<String> words) throws IpvsadmUsageException {
    if (words.isEmpty()) {
      return new IpvsadmRequest("list", Set.of(), Optional.empty());
    }
    IpvsadmArguments arguments = IpvsadmArguments.parse(words);
    if (arguments.options().isEmpty() || !arguments.options().get(0).option().isCommand()) {
      throw new IpvsadmUsageException(
          "Try `ipvsadm -h' or 'ipvsadm --help' for more information.", NO_COMMAND);
    }
    String command = arguments.options().get(0).option().longName();
    Reader reader = new Reader();
    if (command.equals("list") || command.equals("save")) {
      reader.read(arguments);
      reader.check(command);
    }
    return new IpvsadmRequest(command, reader.names, reader.key);
  }

  View view() {
    if (command.equals("save")) {
      return View.RULES;
    }
    if (options.contains("stats")) {
      return View.STATISTICS;
    }
    if (options.contains("rate")) {
      return View.RATES;
    }
    if (options.contains("thresholds")) {
      return View.THRESHOLDS;
    }
    if (options.contains("persistent-conn")) {
      return View.PERSISTENT_CONNECTIONS;
    }
    return options.contains("tun-info") ? View.TUNNELS : View.CONNECTIONS;
  }

  private static final class Reader {
    private final Set<String> names = new HashSet<>();
    private Optional<ServiceKey> key = Optional.empty();

    void read(IpvsadmArguments arguments) throws IpvsadmUsageException {
      for (IpvsadmArguments.Given given :
          arguments.options().subList(1, arguments.options().size())) {
        take(given);
      }
      if (!arguments.others().isEmpty()) {
        throw wrong("unexpected argument " + arguments.others().get(0));
      }
    }

    private void take(IpvsadmArguments.Given given) throws IpvsadmUsageException {
      String name = given.option().name();
      if (given.option().isCommand()) {
        throw wrong("invalid option `" + given.word() + "'");
      }
      if (!names.add(name) && !name.equals("sort") && !name.equals("ipv6")) {
        throw wrong("multiple '" + name + "' options specified");
      }
      if (name.equals("service-address")) {
        key = Optional.of(service(given.option().longName(), given.argument()));
      } else if (name.equals("ipv6")) {
        key = Optional.of(ipv6());
      }
    }

    private ServiceKey ipv6() throws IpvsadmUsageException {
      if (key.isPresent() && key.get() instanceof ServiceKey.FirewallMark mark) {
        return ServiceKey.ofMark(AddressFamily.IPV6, mark.mark());
      }
      throw wrong("-6 used before -f\n");
    }

    void check(String command) throws IpvsadmUsageException {
      Set<String> allowed = command.equals("save") ? OF_SAVE : OF_LIST;
      for (String name : names) {
        if (!allowed.contains(name)) {
          throw wrong("Illegal '" + name + "' option with the '" + command + "' command");
        }
      }
      List<String> exclusive = EXCLUSIVE.stream().filter(names::contains).toList();
      if (exclusive.size() > 1) {
        throw wrong(
            "The option '%s' conflicts with the '%s' option in the '%s' command"
                .formatted(exclusive.get(1), exclusive.get(0), command));
      }
    }

    private static ServiceKey service(String option, String argument) throws IpvsadmUsageException {
      if (option.equals("fwmark-service")) {
        return mark(argument);
      }
      Protocol protocol =
          switch (option) {
            case "tcp-service" -> Protocol.TCP;
            case "udp-service" -> Protocol.UDP;
            default -> Protocol.SCTP;
          };
      return address(protocol, argument)
          .orElseThrow(() -> wrong("illegal virtual server address[:port] specified"));
    }

    private static ServiceKey mark(String argument) throws IpvsadmUsageException {
      if (argument.matches("[0-9]{1,10}")) {
        long mark = Long.parseLong(argument);
        if (mark > 0 && mark <= 0xffff_ffffL) {
          return ServiceKey.ofMark(AddressFamily.IPV4, (int) mark);
        }
      }
      throw wrong("invalid fwmark value `" + argument + "' specified");
    }

    /** Literals only: nobody is asked for names. */
    private static Optional<ServiceKey> address(Protocol protocol, String argument) {
      Matcher parts = ADDRESS.matcher(argument);
      if (!parts.matches()) {
        return Optional.empty();
      }
      int port = Integer.parseInt(first(parts, "v6port", "v4port").orElse("0"));
      return first(parts, "v6", "v4", "bare")
          .flatMap(IpAddress::parse)
          .filter(address -> port <= 0xffff)
          .map(address -> ServiceKey.of(protocol, address, port));
    }

    private static Optional<String> first(Matcher parts, String... groups) {
      return Stream.of(groups).map(parts::group).filter(Objects::nonNull).findFirst();
    }

    private static IpvsadmUsageException wrong(String message) {
      return new IpvsadmUsageException(message, WRONG);
    }
  }
}
