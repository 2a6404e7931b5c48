package io.kubeipvs.e2e;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Services as the rules of iptables mode show them, in the form of a list of {@code ipvsadm}: who
 * is behind an address and port, by following the chains to where packets are translated. Each
 * server has weight 1.
 */
final class RuleServices {
  private static final Pattern RULE = Pattern.compile("(\\w+) -A (\\S+) ?(.*)");
  private static final Pattern TARGET = Pattern.compile("-j (\\S+)");
  private static final Pattern SERVER = Pattern.compile("--to-destination (\\S+)");
  private static final Pattern ADDRESS = Pattern.compile("(?<!! )-d (\\S+)/(?:32|128) ");
  private static final Pattern PORT = Pattern.compile("-p (\\w+) .*--dport (\\d+)");

  private final Map<String, List<String>> rules = new HashMap<>();
  private final List<IpAddress> nodeAddresses;

  private RuleServices(List<String> lines, List<IpAddress> nodeAddresses) {
    this.nodeAddresses = nodeAddresses;
    for (String line : lines) {
      Matcher rule = RULE.matcher(line);
      if (rule.matches()) {
        rules
            .computeIfAbsent(rule.group(1) + " " + rule.group(2), chain -> new ArrayList<>())
            .add(rule.group(3));
      }
    }
  }

  /**
   * @param lines of one family, each with its table
   * @param nodeAddresses of that family, which node ports are at
   */
  static SortedMap<ServiceKey, SortedMap<String, Integer>> of(
      List<String> lines, List<IpAddress> nodeAddresses) {
    RuleServices services = new RuleServices(lines, nodeAddresses);
    SortedMap<ServiceKey, SortedMap<String, Integer>> all = new TreeMap<>();
    for (String chain :
        List.of(
            "nat KUBE-SERVICES",
            "nat KUBE-NODEPORTS",
            "filter KUBE-SERVICES",
            "filter KUBE-EXTERNAL-SERVICES")) {
      services.rulesOf(chain).forEach(rule -> services.add(rule, all));
    }
    return all;
  }

  private List<String> rulesOf(String chain) {
    return rules.getOrDefault(chain, List.of());
  }

  private void add(String rule, SortedMap<ServiceKey, SortedMap<String, Integer>> all) {
    Matcher port = PORT.matcher(rule);
    Matcher target = TARGET.matcher(rule);
    if (!port.find() || !target.find()) {
      return;
    }
    SortedMap<String, Integer> servers = new TreeMap<>();
    collect("nat " + target.group(1), servers);
    Matcher address = ADDRESS.matcher(rule + " ");
    List<IpAddress> at =
        address.find() ? List.of(IpAddress.of(address.group(1))) : nodePortAddresses();
    for (IpAddress each : at) {
      ServiceKey key =
          ServiceKey.of(protocol(port.group(1)), each, Integer.parseInt(port.group(2)));
      all.computeIfAbsent(key, any -> new TreeMap<>()).putAll(servers);
    }
  }

  /** Those named by the rules that lead to node ports; all where none is named. */
  private List<IpAddress> nodePortAddresses() {
    List<IpAddress> chosen = new ArrayList<>();
    for (String rule : rulesOf("nat KUBE-SERVICES")) {
      Matcher address = ADDRESS.matcher(rule);
      if (rule.endsWith("-j KUBE-NODEPORTS") && address.find()) {
        chosen.add(IpAddress.of(address.group(1)));
      }
    }
    return chosen.isEmpty() ? nodeAddresses : chosen;
  }

  private static Protocol protocol(String name) {
    return List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP).stream()
        .filter(each -> each.lowerCaseName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void collect(String chain, SortedMap<String, Integer> servers) {
    List<String> all = rulesOf(chain);
    // The rules before the last of KUBE-EXT- are for pods and the node, whatever the policy.
    boolean lastOnly = chain.startsWith("nat KUBE-EXT-") && !all.isEmpty();
    for (String rule : lastOnly ? all.subList(all.size() - 1, all.size()) : all) {
      Matcher server = SERVER.matcher(rule);
      Matcher target = TARGET.matcher(rule);
      if (server.find()) {
        servers.put(server.group(1), 1);
      } else if ((target.find() && target.group(1).startsWith("KUBE-S"))
          || rule.contains("-j KUBE-EXT-")) {
        collect("nat " + target.group(1), servers);
      }
    }
  }
}
