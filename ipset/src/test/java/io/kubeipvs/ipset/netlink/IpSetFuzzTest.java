package io.kubeipvs.ipset.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.fail;

import io.kubeipvs.ipset.SetText;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes: a value or a {@link MalformedMessageException}. */
class IpSetFuzzTest {
  private static final int ROUNDS = 5_000;

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipset.netlink.Samples#all")
  void damagedListingIsReadOrMalformed(Samples sample) {
    byte[] good = Golden.bytes("list-answer-" + sample.file());
    Random random = new Random(4_711);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = damaged(good, random);
      read("round " + i, Golden.messages(bytes));
    }
  }

  @Test
  void noiseIsReadOrMalformed() {
    Random random = new Random(815);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      int type = IpSetCodec.messageType(IpSetNumbers.IPSET_CMD_LIST);
      read("round " + i, List.of(new NetlinkMessage(type, 2, 1, 1, ByteBuffer.wrap(noise))));
    }
  }

  @Test
  void damagedAnswersAreReadOrMalformed() {
    Random random = new Random(42);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] protocol = damaged(Golden.bytes("protocol-answer"), random);
      byte[] type = damaged(Golden.bytes("type-answer-hash-ip"), random);
      assertThatCode(
              () -> {
                try {
                  var unused = IpSetAnswers.protocols(Golden.messages(protocol));
                  unused = IpSetAnswers.revisions(Golden.messages(type));
                } catch (MalformedMessageException e) {
                  // As it may be.
                }
              })
          .doesNotThrowAnyException();
    }
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int damage = random.nextInt(4); damage >= 0; damage--) {
      bytes[16 + random.nextInt(bytes.length - 16)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static void read(String round, List<NetlinkMessage> messages) {
    try {
      assertThat(SetText.of(SetListing.of(messages))).isNotNull();
    } catch (MalformedMessageException e) {
      // As it may be.
    } catch (RuntimeException e) {
      fail(round, e);
    }
  }
}
