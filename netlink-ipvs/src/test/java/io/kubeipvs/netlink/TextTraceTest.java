package io.kubeipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The layout is read by people and by programs that count what was written: it is fixed here. */
final class TextTraceTest {
  private static final int PORT_ID = 4242;

  private final List<String> lines = new ArrayList<>();
  private final TextTrace trace = new TextTrace(lines::add);

  @Test
  void routeRequestAndItsRefusal() {
    AttributeWriter body =
        new AttributeWriter()
            .headerU32(0)
            .headerU32(0)
            .headerU32(0)
            .headerU32(0)
            .string(3, "kube-ipvs0")
            .nested(18, info -> info.string(1, "dummy"));
    byte[] request = message(16, 0x605, 7, body);
    trace.sent(NetlinkConnection.ROUTE, ByteBuffer.wrap(request));
    NetlinkMessage parsed = new NetlinkMessage(16, 0x605, 7, PORT_ID, ByteBuffer.allocate(0));
    trace.received(
        NetlinkConnection.ROUTE,
        ByteBuffer.wrap(Answers.refusal(parsed, 95, "Unknown device type")));
    trace.received(NetlinkConnection.ROUTE, ByteBuffer.wrap(Answers.acknowledgement(parsed)));
    assertText(
        """
        > route 16 RTM_NEWLINK flags REQUEST|ACK|EXCL|CREATE seq 7 pid 4242 len 64
            header 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            attr 3 len 11 6b 75 62 65 2d 69 70 76 73 30 00 "kube-ipvs0"
            attr 18 len 12 nested
              attr 1 len 6 64 75 6d 6d 79 00 "dummy"
        < route 2 NLMSG_ERROR flags CAPPED|ACK_TLVS seq 7 pid 4242 len 68
            error 95 EOPNOTSUPP "Unknown device type"
        < route 2 NLMSG_ERROR flags CAPPED seq 7 pid 4242 len 36
            success
        """);
  }

  @Test
  void everyMessageOfADatagramHasItsLine() {
    AttributeWriter address =
        new AttributeWriter().headerU32(0x0020_2002).headerU32(1).address(2, ip("10.96.0.1"));
    trace.sent(
        NetlinkConnection.ROUTE,
        ByteBuffer.wrap(
            Answers.join(message(20, 0x601, 1, address), message(21, 0x005, 2, address))));
    assertText(
        """
        > route 20 RTM_NEWADDR flags REQUEST|EXCL|CREATE seq 1 pid 4242 len 32
            header 02 20 20 00 01 00 00 00
            attr 2 len 4 0a 60 00 01
        > route 21 RTM_DELADDR flags REQUEST|ACK seq 2 pid 4242 len 32
            header 02 20 20 00 01 00 00 00
            attr 2 len 4 0a 60 00 01
        """);
  }

  @Test
  void dumpOfANetfilterSubsystem() {
    AttributeWriter body =
        new AttributeWriter()
            .headerU32(2)
            .nested(0x8001, tuple -> tuple.nested(0x8002, proto -> proto.u8(1, 17)));
    trace.sent(NetlinkConnection.NETFILTER, ByteBuffer.wrap(message(257, 0x301, 3, body)));
    trace.received(
        NetlinkConnection.NETFILTER,
        ByteBuffer.wrap(Answers.message(3, 0x12, 3, PORT_ID, Answers.s32(0))));
    assertText(
        """
        > netfilter 257 subsys 1 cmd 1 flags REQUEST|DUMP seq 3 pid 4242 len 36
            header 02 00 00 00
            attr 1 len 12 nested
              attr 2 len 8 nested
                attr 1 len 1 11
        < netfilter 3 NLMSG_DONE flags MULTI|DUMP_INTR seq 3 pid 4242 len 20
            success
        """);
  }

  @Test
  void genericCommandHasItsNumber() {
    AttributeWriter body =
        new AttributeWriter()
            .headerU32(0x0101)
            .nested(1, service -> service.u16(1, 2).port(4, 80).flag(9))
            .bytes(2, new byte[40]);
    trace.sent(NetlinkConnection.GENERIC, ByteBuffer.wrap(message(28, 0x5, 9, body)));
    assertText(
        """
        > generic 28 cmd 1 flags REQUEST|ACK seq 9 pid 4242 len 88
            header 01 01 00 00
            attr 1 len 20 nested
              attr 1 len 2 02 00
              attr 4 len 2 00 50
              attr 9 len 0
            attr 2 len 40 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                          00 00 00 00 00 00 00 00
        """);
  }

  @Test
  void unknownFlagsAreNumbersAndNoFlagsAreADash() {
    trace.sent(NetlinkConnection.GENERIC, ByteBuffer.wrap(Answers.message(16, 0, 1, 0, header(3))));
    trace.sent(
        NetlinkConnection.GENERIC, ByteBuffer.wrap(Answers.message(16, 0x9041, 1, 0, header(3))));
    assertThat(lines.get(0)).isEqualTo("> generic 16 cmd 3 flags - seq 1 pid 0 len 20");
    assertThat(lines.get(2))
        .isEqualTo("> generic 16 cmd 3 flags REQUEST|0x40|0x1000|0x8000 seq 1 pid 0 len 20");
  }

  @Test
  void malformedBytesAreShownAsBytes() {
    trace.received(NetlinkConnection.ROUTE, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    trace.received(99, ByteBuffer.wrap(Answers.message(24, 0, 1, 0, new byte[] {5, 6, 7, 8, 9})));
    assertText(
        """
        < route malformed len 3
            bytes 01 02 03
        < protocol-99 24 flags - seq 1 pid 0 len 21
            header 05 06 07 08
            bytes 09
        """);
  }

  @RepeatedTest(300)
  void anyBytesBecomeText(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] bytes = RandomBytes.likeMessages(random);
    for (int protocol : List.of(NetlinkConnection.ROUTE, NetlinkConnection.GENERIC)) {
      trace.received(protocol, ByteBuffer.wrap(bytes));
      trace.sent(protocol, ByteBuffer.wrap(bytes));
    }
    assertThat(lines).hasSizeLessThanOrEqualTo(4 * (bytes.length + 1));
  }

  private void assertText(String expected) {
    assertThat(String.join("\n", lines) + "\n").isEqualTo(expected);
  }

  private static byte[] message(int type, int flags, int sequence, AttributeWriter body) {
    ByteBuffer buffer = body.toBuffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return Answers.message(type, flags, sequence, PORT_ID, bytes);
  }

  private static byte[] header(int command) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(command).array();
  }

  private static IpAddress ip(String literal) {
    return IpAddress.of(literal);
  }
}
