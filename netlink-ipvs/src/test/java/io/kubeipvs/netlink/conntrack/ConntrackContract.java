package io.kubeipvs.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Conntrack} does, on a tracker that is empty at first. */
interface ConntrackContract {
  IpAddress VIP = IpAddress.of("10.96.0.10");
  IpAddress VIP6 = IpAddress.of("fd96::a");

  Conntrack conntrack();

  /** Makes the tracker know a flow. */
  void track(Flow flow) throws IOException;

  /** Zones are an option of the kernel's configuration. */
  boolean hasZones() throws IOException;

  @Test
  default void flowsAreThoseOfOneFamilyAndProtocol() throws IOException {
    Flow udp = flow(Protocol.UDP, VIP, 53, "10.1.0.5");
    Flow tcp = flow(Protocol.TCP, VIP, 53, "10.1.0.5");
    Flow sctp = flow(Protocol.SCTP, VIP, 53, "10.1.0.5");
    Flow udp6 = flow(Protocol.UDP, VIP6, 53, "fd01::5");
    track(udp, tcp, sctp, udp6);
    assertThat(conntrack().flows(AddressFamily.IPV4, Protocol.UDP)).containsExactly(udp);
    assertThat(conntrack().flows(AddressFamily.IPV4, Protocol.TCP)).containsExactly(tcp);
    assertThat(conntrack().flows(AddressFamily.IPV4, Protocol.SCTP)).containsExactly(sctp);
    assertThat(conntrack().flows(AddressFamily.IPV6, Protocol.UDP)).containsExactly(udp6);
    assertThat(conntrack().flows(AddressFamily.IPV6, Protocol.TCP)).isEmpty();
  }

  @Test
  default void markIsRead() throws IOException {
    Flow plain = flow(Protocol.UDP, VIP, 53, "10.1.0.5");
    Flow marked = new Flow(plain.protocol(), plain.original(), plain.reply(), 0, 0x8000_4000);
    track(marked);
    assertThat(conntrack().flows(AddressFamily.IPV4, Protocol.UDP)).containsExactly(marked);
  }

  @Test
  default void everyFlowToAVirtualAddressIsDeleted() throws IOException {
    Flow one = flow(Protocol.UDP, VIP, 53, "10.1.0.5");
    Flow two = flow(Protocol.UDP, VIP, 53, "10.1.0.6");
    Flow otherPort = flow(Protocol.UDP, VIP, 54, "10.1.0.5");
    Flow otherAddress = flow(Protocol.UDP, IpAddress.of("10.96.0.11"), 53, "10.1.0.5");
    Flow otherProtocol = flow(Protocol.TCP, VIP, 53, "10.1.0.5");
    track(one, two, otherPort, otherAddress, otherProtocol);
    assertThat(conntrack().delete(List.of(FlowFilter.to(Protocol.UDP, VIP, 53)))).isEqualTo(2);
    assertThat(all()).containsExactlyInAnyOrder(otherPort, otherAddress, otherProtocol);
  }

  @Test
  default void onlyFlowsOfThatServerAreDeleted() throws IOException {
    Flow gone = flow(Protocol.UDP, VIP, 53, "10.1.0.5");
    Flow kept = flow(Protocol.UDP, VIP, 53, "10.1.0.6");
    track(gone, kept);
    FlowFilter filter =
        FlowFilter.to(Protocol.UDP, VIP, 53).answeredBy(IpAddress.of("10.1.0.5"), 5353);
    assertThat(conntrack().delete(List.of(filter))).isEqualTo(1);
    assertThat(all()).containsExactly(kept);
  }

  @Test
  default void serverOnAnotherPortIsKept() throws IOException {
    Flow kept = flow(Protocol.UDP, VIP, 53, "10.1.0.5");
    track(kept);
    FlowFilter filter =
        FlowFilter.to(Protocol.UDP, VIP, 53).answeredBy(IpAddress.of("10.1.0.5"), 5354);
    assertThat(conntrack().delete(List.of(filter))).isZero();
    assertThat(all()).containsExactly(kept);
  }

  @Test
  default void portZeroIsEveryPort() throws IOException {
    track(flow(Protocol.UDP, VIP, 53, "10.1.0.5"), flow(Protocol.UDP, VIP, 54, "10.1.0.6"));
    assertThat(conntrack().delete(List.of(FlowFilter.to(Protocol.UDP, VIP, 0)))).isEqualTo(2);
    assertThat(all()).isEmpty();
  }

  @Test
  default void nodePortIsMatchedOnEveryAddress() throws IOException {
    track(
        flow(Protocol.UDP, IpAddress.of("192.0.2.1"), 30053, "10.1.0.5"),
        flow(Protocol.UDP, IpAddress.of("192.0.2.2"), 30053, "10.1.0.5"));
    FlowFilter filter = FlowFilter.toPort(AddressFamily.IPV4, Protocol.UDP, 30053);
    assertThat(conntrack().delete(List.of(filter))).isEqualTo(2);
  }

  @Test
  default void manyFiltersOfBothFamiliesAndAllProtocolsGoTogether() throws IOException {
    List<FlowFilter> filters = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      IpAddress v4 = IpAddress.of("10.97.0." + i);
      IpAddress v6 = IpAddress.of("fd97::" + i);
      track(flow(Protocol.UDP, v4, 53, "10.1.0.5"), flow(Protocol.SCTP, v6, 53, "fd01::5"));
      if (i % 2 == 0) {
        filters.add(FlowFilter.to(Protocol.UDP, v4, 53));
        filters.add(FlowFilter.to(Protocol.SCTP, v6, 0).answeredBy(IpAddress.of("fd01::5"), 0));
      }
    }
    assertThat(conntrack().delete(filters)).isEqualTo(100);
    assertThat(all()).hasSize(100);
    assertThat(conntrack().delete(filters)).isZero();
  }

  @Test
  default void flowInAZoneIsDeletedThere() throws IOException {
    assumeTrue(hasZones(), "a kernel with CONFIG_NF_CONNTRACK_ZONES");
    Flow plain = flow(Protocol.UDP, VIP, 53, "10.1.0.5");
    Flow zoned = new Flow(plain.protocol(), plain.original(), plain.reply(), 7, 0);
    track(plain, zoned);
    assertThat(all()).containsExactlyInAnyOrder(plain, zoned);
    assertThat(conntrack().delete(List.of(FlowFilter.to(Protocol.UDP, VIP, 53)))).isEqualTo(2);
    assertThat(all()).isEmpty();
  }

  @Test
  default void noFilterDeletesNothing() throws IOException {
    track(flow(Protocol.UDP, VIP, 53, "10.1.0.5"));
    assertThat(conntrack().delete(List.of())).isZero();
    assertThat(all()).hasSize(1);
  }

  private List<Flow> all() throws IOException {
    List<Flow> all = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      for (Protocol protocol : List.of(Protocol.UDP, Protocol.TCP, Protocol.SCTP)) {
        all.addAll(conntrack().flows(family, protocol));
      }
    }
    return all;
  }

  private void track(Flow... flows) throws IOException {
    for (Flow flow : flows) {
      track(flow);
    }
  }

  /** From a client of ours to the address, answered by the server's port 5353. */
  private static Flow flow(Protocol protocol, IpAddress address, int port, String server) {
    IpAddress answering = IpAddress.of(server);
    boolean v4 = address.family() == AddressFamily.IPV4;
    IpAddress client = IpAddress.of(v4 ? "10.1.0.200" : "fd01::200");
    // Another port for each server, or they would be one flow.
    int clientPort = 40_000 + (int) (answering.low() & 0xff);
    int masqueradedPort = clientPort + 1_000 * (port % 10) + (int) (address.low() & 0xff);
    return new Flow(
        protocol,
        new FlowTuple(client, clientPort, address, port),
        new FlowTuple(answering, 5353, client, masqueradedPort),
        0,
        0);
  }
}
