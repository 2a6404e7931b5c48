package io.kubeipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Any bytes are messages or a {@link MalformedMessageException}; the repetition is the seed. */
final class NetlinkMessageFuzzTest {

  @RepeatedTest(500)
  void noiseIsReadOrRefused(RepetitionInfo repetition) {
    read(RandomBytes.noise(new Random(repetition.getCurrentRepetition())));
  }

  @RepeatedTest(500)
  void almostMessagesAreReadOrRefused(RepetitionInfo repetition) {
    read(RandomBytes.likeMessages(new Random(repetition.getCurrentRepetition())));
  }

  /** A connection that is answered with anything ends with an answer or an I/O error. */
  @RepeatedTest(300)
  void connectionSurvivesAnyAnswer(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    ScriptedSocket socket = new ScriptedSocket();
    socket.answerBy(
        requests -> {
          byte[] bytes = RandomBytes.likeMessages(random);
          ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
          if (bytes.length >= NetlinkMessage.HEADER_LENGTH) {
            buffer.putInt(8, requests.get(0).sequence()).putInt(12, ScriptedSocket.PORT_ID);
          }
          socket.reply(bytes);
        });
    NetlinkConnection connection = socket.connection();
    NetlinkRequest request = NetlinkRequest.of(18, 0, new AttributeWriter(), () -> "REQUEST");
    for (Exchange exchange :
        List.<Exchange>of(
            () -> connection.request(request),
            () -> connection.dump(request),
            () -> connection.batch(List.of(request, request)))) {
      try {
        exchange.run();
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  private interface Exchange {
    void run() throws IOException;
  }

  private static void read(byte[] bytes) {
    try {
      int length = 0;
      for (NetlinkMessage message : NetlinkMessage.parse(ByteBuffer.wrap(bytes))) {
        length += NetlinkMessage.HEADER_LENGTH + message.body().limit();
        tryAnswer(message);
      }
      assertThat(length).isLessThanOrEqualTo(bytes.length);
    } catch (MalformedMessageException e) {
      assertThat(e).hasMessageMatching("message at .*|.* bytes behind the last message");
    }
  }

  private static void tryAnswer(NetlinkMessage message) {
    try {
      assertThat(Answer.of(message).errno().value()).isNotNegative();
    } catch (MalformedMessageException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }
}
