package io.kubeipvs.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.Golden;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.route.RouteCommand.AddAddress;
import io.kubeipvs.netlink.route.RouteCommand.AddRoute;
import io.kubeipvs.netlink.route.RouteCommand.DeleteAddress;
import io.kubeipvs.netlink.route.RouteCommand.DeleteRoute;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Byte for byte what {@code ip} sends, and what the kernel answers it. */
final class RouteCodecsTest {
  private static final int PROTOCOL = 107;
  private static final LocalRoute V4 = route("10.96.0.10", "127.0.0.1");
  private static final LocalRoute V6 = route("fd96::a", "::1");
  private static final String LOOPBACK = "lo";

  @Test
  void routeIsAddedAsIpDoes() {
    assertSame(LocalRouteCodec.add(V4, new AddRoute(V4)), "route/newroute-v4");
    assertSame(LocalRouteCodec.add(V6, new AddRoute(V6)), "route/newroute-v6");
  }

  @Test
  void routeIsDeletedAsIpDoes() {
    assertSame(LocalRouteCodec.delete(V4, new DeleteRoute(V4)), "route/delroute-v4");
  }

  @Test
  void addressIsAddedAndDeletedAsIpDoes() {
    LinkAddress v4 = LinkAddress.host(1, IpAddress.of("10.99.0.1"));
    LinkAddress v6 = LinkAddress.host(1, IpAddress.of("fd99::1"));
    LinkAddress deleted = LinkAddress.host(1, IpAddress.of("127.9.0.1"));
    assertSame(AddressCodec.add(v4, new AddAddress(LOOPBACK, v4)), "route/newaddr-v4");
    assertSame(AddressCodec.add(v6, new AddAddress(LOOPBACK, v6)), "route/newaddr-v6");
    assertSame(
        AddressCodec.delete(deleted, new DeleteAddress(LOOPBACK, deleted)), "route/deladdr-v4");
  }

  @Test
  void commandsPrintAsTheirCommandLines() {
    LinkAddress v6 = LinkAddress.host(1, IpAddress.of("fd99::1"));
    assertThat(new AddRoute(V4))
        .hasToString(
            "route replace local 10.96.0.10 dev lo table local proto 107 metric 10107"
                + " src 127.0.0.1");
    assertThat(new DeleteRoute(V6))
        .hasToString("-6 route del local fd96::a dev lo table local proto 107 metric 10107");
    assertThat(new AddAddress(LOOPBACK, v6)).hasToString("-6 addr add fd99::1/128 dev lo nodad");
    assertThat(new DeleteAddress(LOOPBACK, v6)).hasToString("-6 addr del fd99::1/128 dev lo");
  }

  @Test
  void routesOfADumpAreRead() throws MalformedMessageException {
    NetlinkMessage v4 = Golden.message("route/routes-v4");
    NetlinkMessage v6 = Golden.message("route/routes-v6");
    assertThat(LocalRouteCodec.decode(v4, AddressFamily.IPV4, PROTOCOL)).contains(V4);
    assertThat(LocalRouteCodec.decode(v6, AddressFamily.IPV6, PROTOCOL)).contains(V6);
  }

  /** A kernel that does not filter sends all of these. */
  @Test
  void routesOfOthersAreLeftOut() throws MalformedMessageException {
    NetlinkMessage route = Golden.message("route/routes-v4");
    assertThat(LocalRouteCodec.decode(route, AddressFamily.IPV4, 108)).isEmpty();
    assertThat(LocalRouteCodec.decode(route, AddressFamily.IPV6, PROTOCOL)).isEmpty();
    assertThat(decodedWith(route, 1, 31)).isEmpty();
    assertThat(decodedWith(route, 7, 1)).isEmpty();
    assertThat(decodedWith(route, 16, 254)).isEmpty();
    assertThat(decodedWith(route, 32, 0)).isEmpty();
    assertThat(decodedWith(route, 7, 2)).contains(V4);
  }

  /** The route with another byte: the prefix length, the type, the table or the metric. */
  private static Optional<LocalRoute> decodedWith(NetlinkMessage route, int offset, int value)
      throws MalformedMessageException {
    ByteBuffer body = ByteBuffer.allocate(route.body().limit()).put(route.body().duplicate());
    body.put(offset, (byte) value);
    return LocalRouteCodec.decode(message(body.flip()), AddressFamily.IPV4, PROTOCOL);
  }

  @Test
  void addressesOfADumpAreRead() throws MalformedMessageException {
    NetlinkMessage address = Golden.message("route/address-v6");
    assertThat(AddressCodec.decode(address, AddressFamily.IPV6))
        .contains(LinkAddress.host(1, IpAddress.of("fd99::1")));
    assertThat(AddressCodec.decode(address, AddressFamily.IPV4)).isEmpty();
  }

  @Test
  void localAddressOfAPointToPointLinkIsNotItsPeers() throws MalformedMessageException {
    ByteBuffer body =
        new AttributeWriter()
            .headerU8(2)
            .headerU8(32)
            .headerU16(0)
            .headerU32(4)
            .address(1, IpAddress.of("10.0.0.2"))
            .address(2, IpAddress.of("10.0.0.1"))
            .toBuffer();
    assertThat(AddressCodec.decode(message(body), AddressFamily.IPV4))
        .contains(LinkAddress.host(4, IpAddress.of("10.0.0.1")));
  }

  @Test
  void linkIsRead() throws MalformedMessageException {
    assertThat(LinkCodec.decode(Golden.message("route/link-dummy")))
        .isEqualTo(new Link(2, "kube-ipvs0", "dummy", false));
  }

  @Test
  void valuesThatCannotBeSentAreRefused() {
    IpAddress v4 = IpAddress.of("10.96.0.10");
    Optional<IpAddress> v6 = Optional.of(IpAddress.of("::1"));
    assertThatIllegalArgumentException().isThrownBy(() -> new LocalRoute(v4, v6, PROTOCOL));
    for (int protocol : new int[] {-1, 0, 256}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LocalRoute(v4, Optional.empty(), protocol));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new LinkAddress(1, v4, 33));
  }

  @Test
  void truncatedMessagesAreMalformed() {
    assertThatThrownBy(() -> LinkCodec.decode(message(ByteBuffer.allocate(15))))
        .isInstanceOf(MalformedMessageException.class);
  }

  /** Golden messages with noise in them: a value or a refusal, never another exception. */
  @RepeatedTest(500)
  void damagedMessagesAreReadOrRefused(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (String name : new String[] {"link-dummy", "address-v6", "routes-v4", "routes-v6"}) {
      NetlinkMessage golden = Golden.message("route/" + name);
      ByteBuffer body = ByteBuffer.allocate(golden.body().limit()).put(golden.body().duplicate());
      for (int i = random.nextInt(4); i >= 0; i--) {
        body.put(random.nextInt(Math.min(body.capacity(), 64)), (byte) random.nextInt());
      }
      decode(message(body.flip().limit(random.nextInt(body.capacity() + 1))));
    }
  }

  private static void decode(NetlinkMessage message) {
    try {
      LinkCodec.decode(message);
    } catch (MalformedMessageException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
    for (AddressFamily family : AddressFamily.values()) {
      try {
        AddressCodec.decode(message, family);
        LocalRouteCodec.decode(message, family, PROTOCOL);
      } catch (MalformedMessageException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  private static void assertSame(NetlinkRequest request, String golden) {
    assertThat(Golden.text(request)).isEqualTo(Golden.text(Golden.message(golden)));
  }

  private static NetlinkMessage message(ByteBuffer body) {
    return new NetlinkMessage(0, 0, 0, 0, body);
  }

  private static LocalRoute route(String destination, String source) {
    return new LocalRoute(IpAddress.of(destination), Optional.of(IpAddress.of(source)), PROTOCOL);
  }
}
