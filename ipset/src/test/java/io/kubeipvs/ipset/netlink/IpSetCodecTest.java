package io.kubeipvs.ipset.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IpSetCodecTest {
  /** Those the connection adds: REQUEST, ACK, and DUMP for a listing. */
  private static final int FLAGS_OF_THE_CONNECTION = 0x05;

  private static final int NESTED = 0x8000;
  private static final int LINENO = 9;
  private static final int ADT = 8;

  private static final SetName A = new SetName("A");
  private static final SetName B = new SetName("B");
  private static final SetName C = new SetName("C");

  private final IpSetCodec codec = new IpSetCodec(7);

  @Test
  void firstQuestionIsTheTools() {
    assertSame(IpSetCodec.protocol(), "protocol");
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipset.netlink.Samples#all")
  void createIsTheTools(Samples sample) {
    int revision =
        switch (sample.spec().type()) {
          case HASH_IP, HASH_IP_PORT_IP -> 6;
          case HASH_IP_PORT -> 7;
          case HASH_IP_PORT_NET -> 8;
          case BITMAP_PORT -> 3;
        };
    assertSame(codec.create(sample.spec(), revision), "create-" + sample.file());
  }

  @Test
  void questionForATypeIsTheTools() {
    assertSame(codec.type(SetType.HASH_IP, AddressFamily.IPV4), "type-hash-ip");
    assertSame(codec.type(SetType.HASH_IP_PORT, AddressFamily.IPV4), "type-hash-ip-port");
    assertSame(codec.type(SetType.HASH_IP_PORT_IP, AddressFamily.IPV4), "type-hash-ip-port-ip");
    assertSame(codec.type(SetType.HASH_IP_PORT_NET, AddressFamily.IPV4), "type-hash-ip-port-net");
  }

  @Test
  void commandsOnWholeSetsAreTheTools() {
    assertSame(codec.whole(new SetCommand.Swap(A, B)), "swap");
    assertSame(codec.whole(new SetCommand.Rename(A, C)), "rename");
    assertSame(codec.whole(new SetCommand.Flush(C)), "flush");
    assertSame(codec.whole(new SetCommand.Destroy(C)), "destroy");
  }

  @Test
  void listingsAreTheTools() {
    assertSameBody(codec.list(false), "list");
    assertSameBody(codec.list(true), "list-terse");
    assertSameBody(codec.list(C), "list-one");
  }

  /**
   * The tool numbers the lines of its input, so that the kernel can name the one it refused; ours
   * are all line 0 and their entries have no number, which makes a message a fifth shorter.
   */
  @Test
  void manyEntriesAreTheToolsButForLineNumbers() {
    NetlinkRequest ours =
        codec.add(
            new SetName("S"),
            List.of(
                new SetEntry.IpPort(IpAddress.of("10.0.0.1"), Protocol.TCP, 80),
                new SetEntry.IpPort(IpAddress.of("10.0.0.2"), Protocol.UDP, 53)));
    NetlinkMessage tools = Golden.request("add-two");
    assertThat(ours.type()).isEqualTo(tools.type());
    assertThat(ours.flags()).isEqualTo(tools.flags() & ~FLAGS_OF_THE_CONNECTION);
    assertThat(hex(Golden.copy(ours.body()))).isEqualTo(hex(withoutLineNumbers(tools)));
  }

  private static byte[] withoutLineNumbers(NetlinkMessage message) {
    ByteBuffer body = message.body().duplicate().order(ByteOrder.nativeOrder());
    AttributeWriter out = new AttributeWriter().headerU32(body.getInt());
    copy(body, body.limit(), out, false);
    return Golden.copy(out.toBuffer());
  }

  private static void copy(ByteBuffer from, int end, AttributeWriter out, boolean inEntries) {
    while (from.position() < end) {
      int start = from.position();
      int length = Short.toUnsignedInt(from.getShort());
      int type = Short.toUnsignedInt(from.getShort());
      if ((type & NESTED) != 0) {
        boolean entries = inEntries || (type & 0xff) == ADT;
        out.nested(type, inner -> copy(from, start + length, inner, entries));
      } else if ((type & 0xff) != LINENO) {
        byte[] value = new byte[length - 4];
        from.get(value);
        out.bytes(type, value);
      } else if (!inEntries) {
        out.u32(type, 0);
      }
      from.position(start + (length + 3 & -4));
    }
  }

  @Test
  void longestMessageFitsItsAttribute() {
    IpAddress address = IpAddress.of("fd00::1");
    SetEntry longest = new SetEntry.IpPortNet(address, Protocol.TCP, 80, new IpPrefix(address, 64));
    List<SetEntry> entries = Collections.nCopies(CommandStretch.MAXIMUM_ENTRIES, longest);
    assertThat(codec.add(new SetName("x".repeat(31)), entries).body().remaining())
        .isBetween(60_000, 65_535);
  }

  @Test
  void requestsAreDescribedAsTheToolIsCalled() {
    SetSpec spec = SetSpec.hash("A", SetType.HASH_IP, AddressFamily.IPV6);
    SetEntry entry = new SetEntry.Port(80);
    assertThat(codec.create(spec, 6).description().get())
        .isEqualTo("ipset create A hash:ip family inet6 maxelem 65536");
    assertThat(codec.add(A, List.of(entry)).description().get()).isEqualTo("ipset add A 80");
    assertThat(codec.delete(A, List.of(entry, entry)).description().get())
        .isEqualTo("ipset del A (2 entries)");
    assertThat(codec.list(C).description().get()).isEqualTo("ipset list C");
  }

  private static void assertSame(NetlinkRequest ours, String golden) {
    assertSameBody(ours, golden);
    int flags = Golden.request(golden).flags() & ~FLAGS_OF_THE_CONNECTION;
    assertThat(ours.flags()).isEqualTo(flags);
  }

  private static void assertSameBody(NetlinkRequest ours, String golden) {
    NetlinkMessage tools = Golden.request(golden);
    assertThat(ours.type()).isEqualTo(tools.type());
    assertThat(hex(Golden.copy(ours.body()))).isEqualTo(hex(Golden.copy(tools.body())));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
