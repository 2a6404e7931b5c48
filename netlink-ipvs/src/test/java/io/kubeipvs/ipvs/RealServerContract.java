package io.kubeipvs.ipvs;

import static io.kubeipvs.ipvs.GivenIpvs.server;
import static io.kubeipvs.ipvs.GivenIpvs.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.IpvsCommand.DeleteServer;
import io.kubeipvs.ipvs.IpvsCommand.UpdateServer;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a table keeps of a real server and what it refuses. */
interface RealServerContract extends GivenIpvs {
  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipvs.GivenIpvs#keys")
  default void serversAreReadBackNewestFirst(ServiceKey key) throws IOException {
    RealServer first = server(key, 1);
    RealServer second = server(key, 2);
    RealServer third = server(key, 3);
    succeed(
        new AddService(service(key)),
        new AddServer(key, second),
        new AddServer(key, first),
        new AddServer(key, third));
    assertThat(servers(key)).containsExactly(third, first, second);
    assertThat(table().servers(key).get(0))
        .isEqualTo(new ObservedServer(third, 0, 0, 0, Statistics.ZERO));
  }

  @Test
  default void updatedServerKeepsItsPlace() throws IOException {
    RealServer changed =
        new RealServer(
            server(V4, 1).key(), ForwardingMethod.DIRECT_ROUTE, 0, 100, 50, Tunnel.DEFAULT);
    succeed(
        new AddService(service(V4)),
        new AddServer(V4, server(V4, 1)),
        new AddServer(V4, server(V4, 2)),
        new UpdateServer(V4, changed));
    assertThat(servers(V4)).containsExactly(server(V4, 2), changed);
  }

  @Test
  default void deletedServerLeavesTheOthers() throws IOException {
    succeed(
        new AddService(service(V6)),
        new AddServer(V6, server(V6, 1)),
        new AddServer(V6, server(V6, 2)),
        new DeleteServer(V6, server(V6, 1).key()));
    assertThat(servers(V6)).containsExactly(server(V6, 2));
  }

  @Test
  default void everyMethodAndTunnelIsKept() throws IOException {
    List<RealServer> servers =
        List.of(
            method(1, ForwardingMethod.MASQUERADE, Tunnel.DEFAULT),
            method(2, ForwardingMethod.LOCAL, Tunnel.DEFAULT),
            method(3, ForwardingMethod.TUNNEL, Tunnel.DEFAULT),
            method(4, ForwardingMethod.DIRECT_ROUTE, Tunnel.DEFAULT),
            method(5, ForwardingMethod.TUNNEL, new Tunnel(Tunnel.GUE, 6080, Tunnel.NO_CHECKSUM)),
            method(
                6, ForwardingMethod.TUNNEL, new Tunnel(Tunnel.GUE, 6080, Tunnel.REMOTE_CHECKSUM)),
            method(7, ForwardingMethod.TUNNEL, new Tunnel(Tunnel.GRE, 0, Tunnel.CHECKSUM)));
    succeed(new AddService(service(V4)));
    for (RealServer server : servers) {
      succeed(new AddServer(V4, server));
      assertThat(servers(V4)).containsExactly(server);
      succeed(new DeleteServer(V4, server.key()));
    }
  }

  @Test
  default void onlyATunnelCrossesFamilies() throws IOException {
    succeed(new AddService(service(V6)));
    refused(Errno.EINVAL, new AddServer(V6, server(V4, 1)));
    RealServer tunnel = method(1, ForwardingMethod.TUNNEL, Tunnel.DEFAULT);
    succeed(new AddServer(V6, tunnel));
    assertThat(servers(V6)).containsExactly(tunnel);
  }

  @Test
  default void udpTunnelNeedsAPort() throws IOException {
    succeed(new AddService(service(V4)));
    Tunnel noPort = new Tunnel(Tunnel.GUE, 0, Tunnel.NO_CHECKSUM);
    refused(Errno.EINVAL, new AddServer(V4, method(1, ForwardingMethod.TUNNEL, noPort)));
  }

  @Test
  default void largeWeightsAndThresholdsAreKeptNegativeWeightsRefused() throws IOException {
    succeed(new AddService(service(V4)));
    RealServer large =
        new RealServer(
            server(V4, 1).key(),
            ForwardingMethod.MASQUERADE,
            Integer.MAX_VALUE,
            0xffff_ffff,
            0xffff_fffe,
            Tunnel.DEFAULT);
    succeed(new AddServer(V4, large));
    assertThat(servers(V4)).containsExactly(large);
    refused(Errno.ERANGE, new AddServer(V4, server(V4, 2).withWeight(-1)));
    refused(Errno.ERANGE, new UpdateServer(V4, server(V4, 1).withWeight(-1)));
    assertThat(servers(V4)).containsExactly(large);
  }

  @Test
  default void lowerThresholdAboveTheUpperIsRefused() throws IOException {
    succeed(new AddService(service(V4)));
    RealServer server =
        new RealServer(server(V4, 1).key(), ForwardingMethod.MASQUERADE, 1, 10, 11, Tunnel.DEFAULT);
    refused(Errno.ERANGE, new AddServer(V4, server));
    refused(Errno.ERANGE, new UpdateServer(V4, server));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "fe80::1",
        "ff02::1",
        "::ffff:10.1.0.1"
      })
  default void serverNeedsARoutableUnicastAddress(String address) throws IOException {
    RealServer server = RealServer.masquerade(IpAddress.of(address), 80, 1);
    ServiceKey key = server.key().address().family() == AddressFamily.IPV4 ? V4 : V6;
    succeed(new AddService(service(key)));
    refused(Errno.EINVAL, new AddServer(key, server));
    assertThat(servers(key)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.2.3", "127.0.0.1", "240.0.0.1", "::1", "fec0::1", "::10.1.0.1"})
  default void unusualUnicastAddressesAreTakenAsServers(String address) throws IOException {
    RealServer server = RealServer.masquerade(IpAddress.of(address), 80, 1);
    ServiceKey key = server.key().address().family() == AddressFamily.IPV4 ? V4 : V6;
    succeed(new AddService(service(key)), new AddServer(key, server));
    assertThat(servers(key)).containsExactly(server);
  }

  private static RealServer method(int number, ForwardingMethod method, Tunnel tunnel) {
    return new RealServer(server(V4, number).key(), method, 1, 0, 0, tunnel);
  }
}
