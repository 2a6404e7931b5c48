package io.kubeipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.testing.FdLeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a script cannot know: how the kernel goes about dumps of several datagrams. As root, in a
 * namespace of its own, with its loopback device up.
 */
@ExtendWith(FdLeakCheck.class)
final class NetlinkConnectionKernelIT {
  private static final int RTM_GETROUTE = 26;
  private static final int COUNT = 20_000;
  private static final int PROTOCOL = 107;

  private final List<LocalRoute> made = new ArrayList<>();

  @BeforeEach
  void makeRoutes() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      IpAddress address = new IpAddress(AddressFamily.IPV4, 0, 0x0a60_0000L + i);
      made.add(new LocalRoute(address, Optional.empty(), PROTOCOL));
    }
    execute(RouteCommand.AddRoute::new);
  }

  @AfterEach
  void deleteRoutes() throws IOException {
    execute(RouteCommand.DeleteRoute::new);
  }

  private void execute(Function<LocalRoute, RouteCommand> command) throws IOException {
    try (Routes routes = NetlinkRoutes.open(NetlinkTrace.NONE)) {
      assertThat(routes.execute(made.stream().map(command).toList())).isEmpty();
    }
  }

  @Test
  void dumpOfManyDatagramsIsWhole() throws IOException {
    try (Routes routes = NetlinkRoutes.open(NetlinkTrace.NONE)) {
      assertThat(routes.localRoutes(AddressFamily.IPV4, PROTOCOL))
          .containsExactlyInAnyOrderElementsOf(made);
    }
  }

  @Test
  void dumpThatWasGivenUpDoesNotDisturbTheNext() throws IOException {
    try (NetlinkConnection connection =
        NetlinkConnection.open(NetlinkConnection.ROUTE, NetlinkTrace.NONE)) {
      DumpReader givingUp =
          message -> {
            throw new MalformedMessageException("enough");
          };
      assertThatThrownBy(() -> connection.dump(getRoutes(), () -> givingUp)).hasMessage("enough");
      assertThat(connection.dump(getRoutes())).hasSize(COUNT);
    }
  }

  private static NetlinkRequest getRoutes() {
    AttributeWriter body =
        new AttributeWriter()
            .headerU8(AddressFamily.IPV4.number())
            .headerU8(0)
            .headerU16(0)
            .headerU8(255)
            .headerU8(PROTOCOL)
            .headerU16(0)
            .headerU32(0);
    return NetlinkRequest.of(RTM_GETROUTE, 0, body, () -> "ip route show");
  }
}
