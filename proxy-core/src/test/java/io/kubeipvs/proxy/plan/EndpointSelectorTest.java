package io.kubeipvs.proxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EndpointSelectorTest {
  private static final NodeInfo NODE = new NodeInfo("here", List.of(), "zone-a", List.of());
  private static final NodeInfo NO_ZONE = NodeInfo.named("here");

  /**
   * @param endpoints one word each: {@code here} or {@code far} (its node), {@code nowhere} (none);
   *     then {@code !} not ready, {@code ~} not ready but serving and terminating; then {@code @a}
   *     hinted for zone a, {@code #here} for that node
   * @param cluster the chosen ones by position
   */
  record Case(String name, NodeInfo node, String endpoints, String cluster, String local) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("nobody", NODE, "", "", ""),
        new Case("ready ones", NODE, "here far far!", "0 1", "0"),
        new Case("no node name is local to nobody", NODE, "nowhere", "0", ""),
        new Case("only terminating ones", NODE, "here~ far~ far!", "0 1", "0"),
        new Case("terminating here, ready elsewhere", NODE, "here~ far", "1", "0"),
        new Case("ready beats terminating here", NODE, "here~ here", "1", "1"),
        new Case("none of use", NODE, "here! far!", "", ""),
        new Case("zone hints", NODE, "far@a far@b here@b", "0", "2"),
        new Case("a hint is missing", NODE, "far@a far here@b", "0 1 2", "2"),
        new Case("no hint for this zone", NODE, "far@b here@b", "0 1", "1"),
        new Case("a node without zone", NO_ZONE, "far@a far@b", "0 1", ""),
        new Case("hints of those not ready do not count", NODE, "far@a far!", "0", ""),
        new Case("nor do they keep the fallback out", NODE, "far~@b far~@a", "0 1", ""),
        new Case("node hints before zone hints", NODE, "far@a#far here@b#here", "1", "1"),
        new Case("node hints for others only", NODE, "far@a#far far@b#far", "0", ""),
        new Case("a node hint is missing", NODE, "far@a far@a#here", "0 1", ""));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void chooses(Case given) {
    List<PortEndpoint> endpoints = new ArrayList<>();
    for (String word : given.endpoints().split(" ", -1)) {
      if (!word.isEmpty()) {
        endpoints.add(endpoint(word, endpoints.size()));
      }
    }
    EndpointSelector.Selection selection = EndpointSelector.select(endpoints, given.node());
    assertThat(positions(endpoints, selection.cluster())).isEqualTo(given.cluster());
    assertThat(positions(endpoints, selection.local())).isEqualTo(given.local());
    boolean usable = endpoints.stream().anyMatch(each -> each.endpoint().isUsable());
    assertThat(selection.cluster().isEmpty()).isEqualTo(!usable);
  }

  private static PortEndpoint endpoint(String word, int number) {
    IpAddress address = IpAddress.of("10.1.0." + number);
    String node = word.startsWith("nowhere") ? "" : word.startsWith("here") ? "here" : "far";
    boolean terminating = word.contains("~");
    boolean ready = !terminating && !word.contains("!");
    return new PortEndpoint(
        new ServerKey(address, 80),
        new Endpoint(
            address,
            ready,
            ready || terminating,
            terminating,
            node,
            "",
            hints(word, '@', "zone-"),
            hints(word, '#', "")));
  }

  private static List<String> hints(String word, char sign, String prefix) {
    int at = word.indexOf(sign);
    return at < 0 ? List.of() : List.of(prefix + word.substring(at + 1).split("[@#]", -1)[0]);
  }

  private static String positions(List<PortEndpoint> all, List<PortEndpoint> chosen) {
    return chosen.stream()
        .map(each -> Integer.toString(all.indexOf(each)))
        .collect(Collectors.joining(" "));
  }
}
