package io.kubeipvs.ipset.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipset.netlink.IpSetAnswers.Range;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpSetAnswersTest {

  @Test
  void kernelsProtocolsAreRead() throws IOException {
    assertThat(IpSetAnswers.protocols(Golden.answer("protocol-answer"))).isEqualTo(new Range(6, 7));
  }

  @Test
  void kernelThatNamesOneVersionSpeaksThatOne() throws IOException {
    AttributeWriter out =
        new AttributeWriter().headerU32(0).u8(IpSetNumbers.IPSET_ATTR_PROTOCOL, 6);
    NetlinkMessage message = new NetlinkMessage(6 << 8 | 1, 0, 1, 1, out.toBuffer());
    Range kernel = IpSetAnswers.protocols(List.of(message));
    assertThat(kernel).isEqualTo(new Range(6, 6)).hasToString("6");
    assertThat(kernel.highestWith(new Range(6, 7))).isEqualTo(6);
  }

  @Test
  void kernelsRevisionsAreRead() throws IOException {
    assertThat(IpSetAnswers.revisions(Golden.answer("type-answer-hash-ip-port")))
        .isEqualTo(new Range(0, 7));
  }

  @Test
  void rangesOverlapWhereTheyShareANumber() {
    assertThat(new Range(6, 7).overlaps(new Range(7, 9))).isTrue();
    assertThat(new Range(6, 7).overlaps(new Range(8, 9))).isFalse();
    assertThat(new Range(8, 9).overlaps(new Range(6, 7))).isFalse();
  }

  @Test
  void silenceIsMalformed() {
    assertThatThrownBy(() -> IpSetAnswers.protocols(List.of()))
        .isInstanceOf(MalformedMessageException.class);
  }
}
