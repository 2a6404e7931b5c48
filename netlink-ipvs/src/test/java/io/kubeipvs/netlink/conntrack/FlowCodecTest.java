package io.kubeipvs.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.Golden;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class FlowCodecTest {
  private static final Flow FLOW =
      new Flow(
          Protocol.UDP,
          new FlowTuple(IpAddress.of("10.1.0.5"), 40_000, IpAddress.of("10.96.0.10"), 53),
          new FlowTuple(IpAddress.of("10.1.0.9"), 5353, IpAddress.of("10.1.0.5"), 40_000),
          0,
          0);

  @Test
  void flowIsRead() throws MalformedMessageException {
    NetlinkMessage message = Golden.message("conntrack/flow-udp");
    assertThat(FlowCodec.decode(message, AddressFamily.IPV4)).contains(FLOW);
    assertThat(FlowCodec.decode(message, AddressFamily.IPV6)).isEmpty();
  }

  @Test
  void flowPrintsAsConntrackPrintsIt() {
    assertThat(FLOW)
        .hasToString(
            "udp src=10.1.0.5 dst=10.96.0.10 sport=40000 dport=53"
                + " src=10.1.0.9 dst=10.1.0.5 sport=5353 dport=40000");
  }

  /** The id keeps the deletion from a new flow with the same tuple. */
  @Test
  void deletionNamesTupleAndIdAsTheyCame() throws MalformedMessageException {
    NetlinkMessage message = Golden.message("conntrack/flow-udp");
    NetlinkRequest request = FlowCodec.delete(message, FLOW);
    assertThat(request.type()).isEqualTo(0x102);
    assertThat(request.body().get(0)).isEqualTo((byte) 2);
    assertThat(attributes(request.body()))
        .containsExactly(
            "1 14000180080001000a010005080002000a60000a"
                + "1c0002800500010011000000060002009c4000000600030000350000",
            "12 c382b204");
    assertThat(request.description().get()).isEqualTo("conntrack -D " + FLOW);
  }

  private static List<String> attributes(ByteBuffer body) throws MalformedMessageException {
    List<String> attributes = new ArrayList<>();
    AttributeReader reader = new NetlinkMessage(0, 0, 0, 0, body).attributes(4);
    while (reader.next()) {
      attributes.add(reader.type() + " " + HexFormat.of().formatHex(reader.bytes()));
    }
    return attributes;
  }

  @Test
  void flowWithoutADirectionIsMalformed() {
    ByteBuffer body = ByteBuffer.wrap(new byte[] {2, 0, 0, 0});
    assertThatThrownBy(
            () -> FlowCodec.decode(new NetlinkMessage(0, 0, 0, 0, body), AddressFamily.IPV4))
        .isInstanceOf(MalformedMessageException.class);
  }

  @RepeatedTest(1_000)
  void damagedMessagesAreReadOrRefused(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    ByteBuffer golden = Golden.message("conntrack/flow-udp").body().duplicate();
    ByteBuffer body = ByteBuffer.allocate(golden.remaining()).put(golden);
    for (int i = random.nextInt(4); i >= 0; i--) {
      body.put(random.nextInt(body.capacity()), (byte) random.nextInt(32));
    }
    NetlinkMessage message = new NetlinkMessage(0, 0, 0, 0, body.flip());
    for (AddressFamily family : AddressFamily.values()) {
      try {
        FlowCodec.decode(message, family).ifPresent(f -> assertThat(f.family()).isEqualTo(family));
      } catch (MalformedMessageException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
