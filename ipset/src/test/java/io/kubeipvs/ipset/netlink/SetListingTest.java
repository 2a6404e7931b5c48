package io.kubeipvs.ipset.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetText;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SetListingTest {

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipset.netlink.Samples#all")
  void kernelsListingIsDecoded(Samples sample) throws IOException {
    List<ObservedSet> sets = SetListing.of(Golden.answer("list-answer-" + sample.file()));
    assertThat(SetText.of(sets)).isEqualTo(SetText.of(sample.spec(), List.of(sample.entry())));
    assertThat(sets.get(0).header().serves(sample.spec())).isTrue();
    assertThat(sets.get(0).header().elements()).isEqualTo(1);
  }

  @Test
  void extensionsOfEntriesAreSkipped() throws IOException {
    ObservedSet set = SetListing.of(Golden.answer("list-answer-extensions")).get(0);
    assertThat(set.header())
        .isEqualTo(
            new SetHeader(
                new SetName("S"),
                "hash:ip,port",
                7,
                AddressFamily.IPV4,
                65_536,
                0,
                0,
                8 | 16 | 64,
                300,
                0,
                1));
    assertThat(set.entries()).hasToString("[10.0.0.1,tcp:80]");
  }

  @Test
  void laterMessagesAddToTheirSet() throws IOException {
    List<NetlinkMessage> messages = new ArrayList<>(Golden.answer("list-answer-bitmap-port"));
    messages.add(ports("P", 5, 6));
    messages.add(ports("P", 7));
    messages.addAll(Golden.answer("list-answer-hash-ip-inet"));
    List<ObservedSet> sets = SetListing.of(messages);
    assertThat(sets).hasSize(2);
    assertThat(sets.get(0).entries()).hasToString("[5, 6, 7, 30080]");
    assertThat(sets.get(1).entries()).hasToString("[10.96.0.1]");
  }

  @Test
  void entriesWithoutTheirHeaderAreMalformed() {
    assertThatThrownBy(() -> SetListing.of(List.of(ports("P", 5))))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("entries of P without its header");
    List<NetlinkMessage> messages = new ArrayList<>(Golden.answer("list-answer-hash-ip-inet"));
    messages.add(ports("P", 5));
    assertThatThrownBy(() -> SetListing.of(messages)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void answerToAnotherCommandIsMalformed() {
    assertThatThrownBy(() -> SetListing.of(Golden.answer("protocol-answer")))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void nameThatIsNoTextDoesNotSpoilTheListing() throws IOException {
    byte[] bytes = Golden.bytes("list-answer-bitmap-port");
    bytes[32] = (byte) 0xff; // the P behind 16 + 4 bytes of headers, PROTOCOL and SETNAME
    assertThat(SetListing.of(Golden.messages(bytes)).get(0).header().name())
        .isEqualTo(new SetName("?"));
  }

  private static NetlinkMessage ports(String set, int... ports) {
    AttributeWriter out =
        new AttributeWriter().headerU32(0).string(IpSetNumbers.IPSET_ATTR_SETNAME, set);
    out.nested(
        IpSetNumbers.IPSET_ATTR_ADT,
        adt -> {
          for (int port : ports) {
            adt.nested(
                IpSetNumbers.IPSET_ATTR_DATA,
                data -> data.port(IpSetNumbers.IPSET_ATTR_PORT, port));
          }
        });
    int type = IpSetCodec.messageType(IpSetNumbers.IPSET_CMD_LIST);
    return new NetlinkMessage(type, 2, 1, 1, out.toBuffer());
  }
}
