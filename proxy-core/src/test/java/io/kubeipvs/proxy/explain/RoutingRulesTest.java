package io.kubeipvs.proxy.explain;

import static io.kubeipvs.proxy.explain.PlannedKernel.OUTSIDE;
import static io.kubeipvs.proxy.explain.PlannedKernel.POD;
import static io.kubeipvs.proxy.explain.PlannedKernel.POD_V6;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.route.Route;
import io.kubeipvs.netlink.route.RoutingRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of its own for some packets, as CNIs and clouds have it, which leads elsewhere. */
class RoutingRulesTest {
  private static final String VIP = "10.96.0.10";
  private static final String SERVER = "10.244.1.5@node2";
  private static final int ELSEWHERE = 100;
  private static final int OTHER_LINK = 7;

  static List<RoutingRule> rulesThatIpvsDoesNotMatch() {
    return List.of(
        rule(Optional.of(IpPrefix.of("10.244.0.0/16")), "", 0),
        rule(Optional.empty(), "vethpod9", 0),
        rule(Optional.empty(), "", 0x4000));
  }

  private static RoutingRule rule(Optional<IpPrefix> source, String inDevice, int mark) {
    return new RoutingRule(
        1000, source, Optional.empty(), inDevice, "", mark, mark, ELSEWHERE, false, false);
  }

  @ParameterizedTest
  @MethodSource("rulesThatIpvsDoesNotMatch")
  void ipvsRoutesToTheServerByItsAddressAlone(RoutingRule rule) {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", SERVER));
    elsewhere(kernel, rule, "10.244.1.0/24", AddressFamily.IPV4);

    assertThat(lastRoute(kernel, POD, VIP)).isEqualTo("leaves by eth0");
    assertThat(lastRoute(kernel, OUTSIDE, VIP)).as("marked 0x4000").isEqualTo("leaves by eth0");
    assertThat(kernel.ask(OUTSIDE, VIP, 80))
        .as("masqueraded by the route it has")
        .containsExactly("10.244.1.5:8080 masqueraded as 10.0.2.15");
  }

  @Test
  void soItDoesForIpv6() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", "fd00:10:244:1::5@node2"));
    elsewhere(
        kernel,
        rule(Optional.of(IpPrefix.of("fd00:10:244::/48")), "", 0),
        "fd00:10:244:1::/64",
        AddressFamily.IPV6);

    assertThat(lastRoute(kernel, POD_V6, "fd00:96::10")).isEqualTo("leaves by eth0");
  }

  @Test
  void aRuleForTheServersOwnAddressIsFollowed() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", SERVER));
    RoutingRule toServers =
        new RoutingRule(
            1000,
            Optional.empty(),
            Optional.of(IpPrefix.of("10.244.1.0/24")),
            "",
            "",
            0,
            0,
            ELSEWHERE,
            false,
            false);
    elsewhere(kernel, toServers, "0.0.0.0/0", AddressFamily.IPV4);

    assertThat(lastRoute(kernel, POD, VIP)).isEqualTo("leaves by vethpod9");
  }

  @Test
  void aMarkThatMangleOutputSetsRoutesAgain() {
    PlannedKernel kernel = PlannedKernel.balancing(Given.web("", SERVER));
    elsewhere(kernel, rule(Optional.empty(), "", 0x1), "10.244.1.0/24", AddressFamily.IPV4);
    kernel.rules(
        AddressFamily.IPV4,
        """
        *mangle
        :OUTPUT ACCEPT [0:0]
        -A OUTPUT -d 10.244.1.5/32 -j MARK --set-xmark 0x1/0x1
        COMMIT
        """);

    assertThat(lastRoute(kernel, POD, VIP)).isEqualTo("leaves by vethpod9");
    assertThat(lastRoute(kernel, POD, "10.244.1.5", 8080)).as("not by IPVS").contains("eth0");
  }

  private static void elsewhere(
      PlannedKernel kernel, RoutingRule rule, String prefix, AddressFamily family) {
    kernel
        .rule(family, everybody(0, Route.TABLE_LOCAL))
        .route(rule, prefix, "", OTHER_LINK)
        .rule(family, everybody(32766, Route.TABLE_MAIN));
  }

  private static RoutingRule everybody(int priority, int table) {
    return new RoutingRule(
        priority, Optional.empty(), Optional.empty(), "", "", 0, 0, table, false, false);
  }

  private static String lastRoute(PlannedKernel kernel, IpAddress client, String destination) {
    return lastRoute(kernel, client, destination, 80);
  }

  private static String lastRoute(
      PlannedKernel kernel, IpAddress client, String destination, int port) {
    Question question =
        new Question(Optional.of(client), 0, "", IpAddress.of(destination), port, Protocol.TCP);
    return new Explainer(kernel.facts())
        .walk(question).outcomes().stream()
            .flatMap(outcome -> outcome.steps().stream())
            .filter(step -> step.place().equals("route"))
            .reduce((first, second) -> second)
            .orElseThrow()
            .what();
  }
}
