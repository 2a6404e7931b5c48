package io.kubeipvs.e2e;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tools show of a node's kernel: for each command its lines. Of rules only what says
 * something: chains of somebody's own and rules, each with its table; tables come into being when
 * they are looked at, and counters go their own way.
 */
record KernelState(Map<String, List<String>> sections) {
  static final String IPVS = "ipvsadm -Sn";
  static final String SETS = "ipset save";
  static final String LINKS = "ip -br link";
  static final String ADDRESSES = "ip -o address";
  static final String ROUTES_V4 = "ip -4 route show table all";
  static final String ROUTES_V6 = "ip -6 route show table all";
  static final String RULES_V4 = "iptables-save";
  static final String RULES_V6 = "ip6tables-save";

  private static final List<String> COMMANDS =
      List.of(IPVS, SETS, LINKS, ADDRESSES, ROUTES_V4, ROUTES_V6, RULES_V4, RULES_V6);

  private static final String HEADING = "### ";
  private static final Pattern ROUTE_OF_OURS = Pattern.compile("local (\\S+) .*\\bproto 75\\b.*");
  private static final Pattern ADDRESS_OF_OURS =
      Pattern.compile("\\d+: kube-ipvs0 +inet6? ([^/]+)/.*");
  private static final Pattern ON_A_DEVICE = Pattern.compile("\\d+: \\S+ +inet6? ([^/]+)/.*");
  private static final Pattern MATCHED_SET = Pattern.compile("--match-set (\\S+)");

  /** All of it, read by one process tree: starting processes is what takes time in a guest. */
  static KernelState of(Node node) {
    StringBuilder script = new StringBuilder("set -e\n");
    COMMANDS.forEach(
        command -> script.append("echo '" + HEADING + command + "'; " + tried(command) + "\n"));
    String printed = node.run("sh", "-c", script.toString()).orFail().stdout();
    Map<String, List<String>> sections = new LinkedHashMap<>();
    for (String part : ("\n" + printed).split("\n" + HEADING, -1)) {
      List<String> lines = part.lines().toList();
      if (!part.isEmpty()) {
        sections.put(lines.get(0), shown(lines.get(0), lines.subList(1, lines.size())));
      }
    }
    return new KernelState(sections);
  }

  /** A kernel without IPVS has none to show. */
  private static String tried(String command) {
    return command.equals(IPVS) && Mode.isIptables() ? command + " 2>/dev/null || true" : command;
  }

  private static List<String> shown(String command, List<String> lines) {
    return command.endsWith("tables-save")
        ? rules(lines)
        : lines.stream().map(String::strip).sorted().toList();
  }

  private static List<String> rules(List<String> lines) {
    List<String> rules = new ArrayList<>();
    String table = "";
    for (String line : lines) {
      if (line.startsWith("*")) {
        table = line.substring(1) + " ";
      } else if (line.startsWith("-A") || (line.startsWith(":") && line.contains(" - "))) {
        rules.add(table + line.replaceFirst(" \\[\\d+:\\d+]$", ""));
      }
    }
    return rules;
  }

  List<String> lines(String command) {
    return sections.getOrDefault(command, List.of());
  }

  /** Virtual services with their servers: {@code 10.244.0.5:8080} and the weight. */
  SortedMap<ServiceKey, SortedMap<String, Integer>> services() {
    SortedMap<ServiceKey, SortedMap<String, Integer>> services = new TreeMap<>();
    for (String line : lines(IPVS)) {
      String[] words = line.split(" ", -1);
      SortedMap<String, Integer> servers =
          services.computeIfAbsent(service(words[1], words[2]), key -> new TreeMap<>());
      if (words[0].equals("-a")) {
        servers.put(words[4], Integer.valueOf(words[words.length - 1]));
      }
    }
    if (Mode.isIptables()) {
      services.putAll(RuleServices.of(lines(RULES_V4), onDevices(AddressFamily.IPV4)));
      services.putAll(RuleServices.of(lines(RULES_V6), onDevices(AddressFamily.IPV6)));
    }
    return services;
  }

  private List<IpAddress> onDevices(AddressFamily family) {
    return found(ON_A_DEVICE, ADDRESSES).stream()
        .filter(address -> address.family() == family && !address.isLoopback())
        .toList();
  }

  private static ServiceKey service(String flag, String target) {
    Protocol protocol =
        switch (flag) {
          case "-t" -> Protocol.TCP;
          case "-u" -> Protocol.UDP;
          default -> Protocol.SCTP;
        };
    int colon = target.lastIndexOf(':');
    String address = target.substring(0, colon).replaceAll("[\\[\\]]", "");
    return ServiceKey.of(
        protocol, IpAddress.of(address), Integer.parseInt(target.substring(colon + 1)));
  }

  /** The servers of one service; none, too, when there is no such service. */
  SortedMap<String, Integer> servers(ServiceKey service) {
    return services().getOrDefault(service, new TreeMap<>());
  }

  /** VIPs that are routes. */
  Set<IpAddress> routed() {
    Set<IpAddress> all = new TreeSet<>(found(ROUTE_OF_OURS, ROUTES_V4));
    all.addAll(found(ROUTE_OF_OURS, ROUTES_V6));
    return all;
  }

  /** VIPs that are addresses of the device. */
  Set<IpAddress> addressed() {
    Set<IpAddress> all = found(ADDRESS_OF_OURS, ADDRESSES);
    all.removeIf(IpAddress::isLinkLocal);
    return all;
  }

  private Set<IpAddress> found(Pattern pattern, String command) {
    Set<IpAddress> found = new TreeSet<>();
    for (String line : lines(command)) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.matches()) {
        found.add(IpAddress.of(matcher.group(1)));
      }
    }
    return found;
  }

  /** The entries of a set of ours, of both families: {@code CLUSTER-IP}. */
  Set<String> entries(String suffix) {
    Pattern entry = Pattern.compile("add KUBE-(?:6-)?" + suffix + " (\\S+).*");
    Set<String> entries = new TreeSet<>();
    for (String line : lines(SETS)) {
      Matcher matcher = entry.matcher(line);
      if (matcher.matches()) {
        entries.add(matcher.group(1));
      }
    }
    return entries;
  }

  Set<String> sets() {
    Set<String> names = new TreeSet<>();
    lines(SETS).stream()
        .filter(line -> line.startsWith("create "))
        .forEach(line -> names.add(line.split(" ", -1)[1]));
    return names;
  }

  Set<String> setsInRules() {
    Set<String> names = new TreeSet<>();
    for (String command : List.of(RULES_V4, RULES_V6)) {
      for (String rule : lines(command)) {
        MATCHED_SET.matcher(rule).results().forEach(result -> names.add(result.group(1)));
      }
    }
    return names;
  }
}
