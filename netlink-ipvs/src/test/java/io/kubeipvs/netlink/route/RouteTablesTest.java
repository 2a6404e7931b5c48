package io.kubeipvs.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.netlink.Golden;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Routes of every table, and the rules that lead to them, as the kernel shows them. */
final class RouteTablesTest {
  private static final int DEVICE = 7;

  @Test
  void aRouteOfAnyTableIsRead() throws MalformedMessageException {
    assertThat(RouteCodec.decode(Golden.message("route/route-of-table"), AddressFamily.IPV4))
        .contains(
            new Route(
                1000,
                Route.Type.UNICAST,
                IpPrefix.of("10.1.0.0/16"),
                Optional.of(IpAddress.of("10.0.2.1")),
                Optional.of(IpAddress.of("10.0.2.15")),
                DEVICE,
                300,
                3));
    Optional<Route> six =
        RouteCodec.decode(Golden.message("route/route-unreachable-v6"), AddressFamily.IPV6);
    assertThat(six.map(Route::type)).contains(Route.Type.UNREACHABLE);
    assertThat(six.map(Route::destination)).contains(IpPrefix.of("fd00:7::/64"));
    assertThat(six.map(Route::metric)).contains(9);
  }

  @Test
  void aRuleIsRead() throws MalformedMessageException {
    assertThat(RoutingRuleCodec.decode(Golden.message("route/rule"), AddressFamily.IPV4))
        .contains(
            new RoutingRule(
                500,
                Optional.of(IpPrefix.of("10.244.0.0/16")),
                Optional.of(IpPrefix.of("10.1.0.0/16")),
                "kube-ipvs0",
                "",
                0x10,
                0xf0,
                1000,
                false,
                false));
  }

  @Test
  void aRuleThatAsksForMoreThanIsReadSaysSo() throws MalformedMessageException {
    Optional<RoutingRule> rule =
        RoutingRuleCodec.decode(Golden.message("route/rule-of-tcp"), AddressFamily.IPV4);
    assertThat(rule.map(RoutingRule::others)).contains(true);
    assertThat(rule.map(RoutingRule::inverted)).contains(true);
  }

  @Test
  void anotherFamilysAreLeftOutAndTornOnesAreMalformed() throws MalformedMessageException {
    assertThat(RouteCodec.decode(Golden.message("route/route-of-table"), AddressFamily.IPV6))
        .isEmpty();
    assertThat(RoutingRuleCodec.decode(Golden.message("route/rule"), AddressFamily.IPV6)).isEmpty();
    ByteBuffer five = ByteBuffer.wrap(new byte[] {2, 0, 0, 0, 0});
    NetlinkMessage torn = new NetlinkMessage(24, 0, 0, 0, five);
    assertThatThrownBy(() -> RouteCodec.decode(torn, AddressFamily.IPV4))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> RoutingRuleCodec.decode(torn, AddressFamily.IPV4))
        .isInstanceOf(MalformedMessageException.class);
  }
}
