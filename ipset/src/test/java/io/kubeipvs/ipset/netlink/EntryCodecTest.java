package io.kubeipvs.ipset.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EntryCodecTest {
  private static final int DATA = 7;

  /** The tool's last attribute is a line number of 8 bytes, which ours do without. */
  private static final int LINE_NUMBER_LENGTH = 8;

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipset.netlink.Samples#all")
  void entryIsEncodedAsTheToolDoes(Samples sample) throws IOException {
    for (String verb : new String[] {"add-", "del-"}) {
      byte[] tools = entry(verb + sample.file());
      assertThat(encode(sample.entry()))
          .isEqualTo(Arrays.copyOf(tools, tools.length - LINE_NUMBER_LENGTH));
    }
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipset.netlink.Samples#all")
  void toolsEntryIsDecoded(Samples sample) throws IOException {
    AttributeReader data = new AttributeReader(ByteBuffer.wrap(entry("add-" + sample.file())));
    assertThat(EntryCodec.decode(sample.spec().type(), data)).isEqualTo(sample.entry());
  }

  private static byte[] entry(String golden) throws IOException {
    AttributeReader attributes = Golden.request(golden).attributes(IpSetNumbers.NFGENMSG_LENGTH);
    while (attributes.next()) {
      if (attributes.type() == DATA) {
        return attributes.bytes();
      }
    }
    throw new IllegalStateException(golden + " has no entry");
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipset.netlink.Samples#all")
  void whatAnEntryLacksIsNamed(Samples sample) {
    assertThatThrownBy(() -> decode(sample.spec().type(), new AttributeWriter()))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageStartingWith("entry of a " + sample.spec().type() + " lacks ");
  }

  @Test
  void networkWithoutLengthIsAHost() throws IOException {
    IpAddress address = IpAddress.of("10.0.0.1");
    SetEntry entry = new SetEntry.IpPortIp(address, Protocol.TCP, 80, address);
    AttributeWriter out = new AttributeWriter();
    EntryCodec.encode(out, entry);
    assertThat(decode(SetType.HASH_IP_PORT_NET, out))
        .isEqualTo(new SetEntry.IpPortNet(address, Protocol.TCP, 80, IpPrefix.host(address)));
  }

  @Test
  void networkOfImpossibleLengthIsMalformed() {
    for (int length : new int[] {0, 33, 255}) {
      IpAddress address = IpAddress.of("10.0.0.1");
      AttributeWriter out = new AttributeWriter();
      EntryCodec.encode(out, new SetEntry.IpPortIp(address, Protocol.TCP, 80, address));
      out.u8(IpSetNumbers.IPSET_ATTR_CIDR2, length);
      assertThatThrownBy(() -> decode(SetType.HASH_IP_PORT_NET, out))
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void exceptionIsNoEntry() throws IOException {
    AttributeWriter out = new AttributeWriter().u16be(IpSetNumbers.IPSET_ATTR_PORT, 80);
    out.u32be(IpSetNumbers.IPSET_ATTR_CADT_FLAGS, IpSetNumbers.IPSET_FLAG_NOMATCH);
    assertThat(decode(SetType.BITMAP_PORT, out)).isNull();
  }

  @Test
  void equalAddressesOfAnEntryAreOneObject() throws IOException {
    AttributeWriter out = new AttributeWriter();
    IpAddress address = IpAddress.of("10.0.0.1");
    EntryCodec.encode(out, new SetEntry.IpPortIp(address, Protocol.TCP, 80, address));
    SetEntry.IpPortIp entry =
        (SetEntry.IpPortIp) Objects.requireNonNull(decode(SetType.HASH_IP_PORT_IP, out));
    assertThat(entry.second()).isSameAs(entry.address());
    assertThat(entry.protocol()).isSameAs(Protocol.TCP);
  }

  private static byte[] encode(SetEntry entry) {
    AttributeWriter out = new AttributeWriter();
    EntryCodec.encode(out, entry);
    return Golden.copy(out.toBuffer());
  }

  private static @Nullable SetEntry decode(SetType type, AttributeWriter data)
      throws MalformedMessageException {
    return EntryCodec.decode(type, new AttributeReader(data.toBuffer()));
  }
}
