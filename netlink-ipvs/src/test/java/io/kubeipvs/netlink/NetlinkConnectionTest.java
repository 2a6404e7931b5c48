package io.kubeipvs.netlink;

import static io.kubeipvs.netlink.Answers.acknowledgement;
import static io.kubeipvs.netlink.Answers.data;
import static io.kubeipvs.netlink.Answers.done;
import static io.kubeipvs.netlink.Answers.doneWithError;
import static io.kubeipvs.netlink.Answers.message;
import static io.kubeipvs.netlink.Answers.refusal;
import static io.kubeipvs.netlink.Answers.s32;
import static io.kubeipvs.netlink.Answers.uncappedRefusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NetlinkConnectionTest {
  private static final int TYPE = 24;
  private static final int REFUSED = 17;

  private final ScriptedSocket socket = new ScriptedSocket();
  private final NetlinkConnection connection = connectionOf(socket);

  @Test
  void requestIsNumberedAddressedAndAsksForAnAcknowledgement() throws IOException {
    socket.answerBy(requests -> socket.reply(acknowledgement(requests.get(0))));
    connection.request(request(1));
    connection.request(request(2));
    assertThat(sent())
        .extracting(NetlinkMessage::type, NetlinkMessage::flags, NetlinkMessage::portId)
        .containsOnly(tuple(TYPE, NetlinkFlags.REQUEST | NetlinkFlags.ACK, ScriptedSocket.PORT_ID));
    assertThat(sent().get(1).sequence()).isEqualTo(sent().get(0).sequence() + 1);
    assertThat(sent().get(1).s32(0)).isEqualTo(2);
  }

  @Test
  void answersBeforeTheAcknowledgementAreReturned() throws IOException {
    socket.answerBy(
        requests -> {
          socket.reply(data(requests.get(0), TYPE, 0, s32(7)));
          socket.reply(acknowledgement(requests.get(0)));
        });
    assertThat(values(connection.request(request(1)))).containsExactly(7);
  }

  @Test
  void lateAnswersOfAnEarlierRequestAreDropped() throws IOException {
    assertThatThrownBy(() -> connection.request(request(1))).isInstanceOf(IOException.class);
    NetlinkMessage unanswered = sent().get(0);
    socket.answerBy(
        requests -> {
          socket.reply(data(unanswered, TYPE, 0, s32(1)), refusal(unanswered, REFUSED));
          socket.reply(data(requests.get(0), TYPE, 0, s32(2)), acknowledgement(requests.get(0)));
        });
    assertThat(values(connection.request(request(2)))).containsExactly(2);
  }

  @Test
  void messagesForOtherPortsAreDropped() throws IOException {
    socket.answerBy(
        requests -> {
          int sequence = requests.get(0).sequence();
          socket.reply(message(TYPE, 0, sequence, 1, s32(1)));
          socket.reply(message(NetlinkFlags.TYPE_ERROR, 0, sequence, 0, s32(-REFUSED)));
          socket.reply(acknowledgement(requests.get(0)));
        });
    assertThat(connection.request(request(1))).isEmpty();
  }

  @Test
  void answerToARequestThatWasNeverSentIsAnError() {
    socket.answerBy(
        requests ->
            socket.reply(
                message(TYPE, 0, requests.get(0).sequence() + 1, ScriptedSocket.PORT_ID, s32(1))));
    assertThatThrownBy(() -> connection.request(request(1)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("the last one sent was");
  }

  @Test
  void silenceIsAnErrorThatNamesTheRequest() {
    assertThatThrownBy(() -> connection.request(request(7)))
        .isInstanceOf(IOException.class)
        .hasMessage("REQUEST 7: no answer within 10 s");
  }

  @Test
  void refusalCarriesRequestNumberAndText() {
    socket.answerBy(requests -> socket.reply(refusal(requests.get(0), REFUSED, "no such thing")));
    NetlinkException refused =
        catchThrowableOfType(NetlinkException.class, () -> connection.request(request(1)));
    assertThat(refused).hasMessage("REQUEST 1: EEXIST (no such thing)");
    assertThat(refused.errno()).isEqualTo(Errno.EEXIST);
    assertThat(refused.kernelMessage()).isEqualTo("no such thing");
  }

  @Test
  void textIsFoundBehindTheWholeRequest() {
    socket.answerBy(
        requests -> socket.reply(uncappedRefusal(requests.get(0), REFUSED, "no such thing")));
    assertThatThrownBy(() -> connection.request(requestOf(new byte[41])))
        .hasMessageContaining("(no such thing)");
  }

  @Test
  void refusalWithoutTextHasTheNumberOnly() {
    socket.answerBy(requests -> socket.reply(refusal(requests.get(0), 4103)));
    assertThatThrownBy(() -> connection.request(request(1))).hasMessage("REQUEST 1: errno 4103");
  }

  @Test
  void malformedAnswersAreErrors() {
    List<byte[]> bodies = List.of(new byte[0], new byte[3], s32(17));
    for (byte[] body : bodies) {
      socket.answerBy(
          requests -> socket.reply(data(requests.get(0), NetlinkFlags.TYPE_ERROR, 0, body)));
      assertThatThrownBy(() -> connection.request(request(1)))
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void lostMessagesAreToldAndTheConnectionStaysUsable() throws IOException {
    socket.fail(new OverrunException("recvfrom: ENOBUFS"));
    socket.answerBy(requests -> socket.reply(acknowledgement(requests.get(0))));
    assertThatThrownBy(() -> connection.request(request(1))).isInstanceOf(OverrunException.class);
    assertThat(connection.request(request(2))).isEmpty();
  }

  @Test
  void overrunMessageIsAnOverrunAndNoopIsNothing() {
    socket.answerBy(
        requests ->
            socket.reply(
                data(requests.get(0), NetlinkFlags.TYPE_NOOP, 0, new byte[0]),
                data(requests.get(0), NetlinkFlags.TYPE_OVERRUN, 0, new byte[0])));
    assertThatThrownBy(() -> connection.request(request(1))).isInstanceOf(OverrunException.class);
  }

  @Test
  void dumpIsTheSameHoweverItIsCutIntoDatagrams() throws IOException {
    for (int perDatagram = 1; perDatagram <= 6; perDatagram++) {
      int size = perDatagram;
      socket.answerBy(requests -> replyInParts(requests.get(0), size));
      assertThat(values(connection.dump(request(1)))).containsExactly(0, 1, 2, 3, 4);
    }
    assertThat(sent())
        .extracting(NetlinkMessage::flags)
        .containsOnly(NetlinkFlags.REQUEST | NetlinkFlags.DUMP);
  }

  private void replyInParts(NetlinkMessage request, int size) {
    List<byte[]> messages = new ArrayList<>();
    IntStream.range(0, 5)
        .forEach(i -> messages.add(data(request, TYPE, NetlinkFlags.MULTI, s32(i))));
    messages.add(done(request, 0));
    for (int start = 0; start < messages.size(); start += size) {
      int end = Math.min(messages.size(), start + size);
      socket.reply(messages.subList(start, end).toArray(byte[][]::new));
    }
  }

  @Test
  void interruptedDumpStartsOver() throws IOException {
    for (boolean flagOnDone : List.of(true, false)) {
      List<Integer> tries = new ArrayList<>();
      socket.answerBy(
          requests -> {
            tries.add(tries.size());
            int flag = tries.size() < 3 ? NetlinkFlags.DUMP_INTERRUPTED : 0;
            NetlinkMessage request = requests.get(0);
            int flagOfData = flagOnDone ? 0 : flag;
            socket.reply(data(request, TYPE, flagOfData, s32(tries.size())));
            socket.reply(done(request, flagOnDone ? flag : 0));
          });
      assertThat(values(connection.dump(request(1)))).containsExactly(3);
    }
  }

  @Test
  void dumpThatIsAlwaysInterruptedFails() {
    socket.answerBy(requests -> socket.reply(done(requests.get(0), NetlinkFlags.DUMP_INTERRUPTED)));
    assertThatThrownBy(() -> connection.dump(request(1)))
        .isInstanceOf(InterruptedDumpException.class)
        .hasMessageContaining("REQUEST 1");
    assertThat(socket.sent()).hasSize(8);
  }

  @Test
  void dumpThatEndsInAnErrorIsRefused() {
    socket.answerBy(
        requests -> {
          socket.reply(data(requests.get(0), TYPE, NetlinkFlags.MULTI, s32(1)));
          socket.reply(doneWithError(requests.get(0), 2, "half-way"));
        });
    assertThatThrownBy(() -> connection.dump(request(1)))
        .hasMessage("REQUEST 1: ENOENT (half-way)");
  }

  @Test
  void dumpThatIsRefusedAtOnceFails() {
    socket.answerBy(requests -> socket.reply(refusal(requests.get(0), 95)));
    assertThatThrownBy(() -> connection.dump(request(1))).hasMessage("REQUEST 1: EOPNOTSUPP");
  }

  @Test
  void emptyDoneIsSuccess() throws IOException {
    socket.answerBy(
        requests -> socket.reply(data(requests.get(0), NetlinkFlags.TYPE_DONE, 0, new byte[0])));
    assertThat(connection.dump(request(1))).isEmpty();
  }

  /** The kernel would answer the next dump with EBUSY. */
  @Test
  void dumpThatWasGivenUpIsTakenToItsEndBeforeTheNext() throws IOException {
    socket.answerBy(
        requests -> {
          socket.fail(new OverrunException("recvfrom: ENOBUFS"));
          socket.reply(data(requests.get(0), TYPE, NetlinkFlags.MULTI, s32(1)));
          socket.fail(new MalformedMessageException("too long"));
          socket.reply(done(requests.get(0), 0));
        });
    assertThatThrownBy(() -> connection.dump(request(1))).isInstanceOf(OverrunException.class);
    socket.answerBy(
        requests -> {
          assertThat(socket.isDrained()).isTrue();
          socket.reply(data(requests.get(0), TYPE, 0, s32(2)), done(requests.get(0), 0));
        });
    assertThat(values(connection.dump(request(2)))).containsExactly(2);
  }

  @Test
  void batchAsksForOneAcknowledgement() throws IOException {
    socket.answerBy(requests -> socket.reply(acknowledgement(requests.get(2))));
    assertThat(connection.batch(List.of(request(1), request(2), request(3)))).isEmpty();
    assertThat(socket.sent()).hasSize(1);
    assertThat(sent())
        .extracting(NetlinkMessage::flags)
        .containsExactly(
            NetlinkFlags.REQUEST, NetlinkFlags.REQUEST, NetlinkFlags.REQUEST | NetlinkFlags.ACK);
  }

  @Test
  void everyRefusalOfABatchIsItsOwnRequests() throws IOException {
    socket.answerBy(
        requests -> {
          socket.reply(refusal(requests.get(0), REFUSED, "first"), refusal(requests.get(2), 2));
          socket.reply(refusal(requests.get(3), 22, "last"));
        });
    List<BatchFailure> failures =
        connection.batch(List.of(request(1), request(2), request(3), request(4)));
    assertThat(failures).extracting(BatchFailure::index).containsExactly(0, 2, 3);
    assertThat(failures)
        .extracting(failure -> failure.cause().getMessage())
        .containsExactly(
            "REQUEST 1: EEXIST (first)", "REQUEST 3: ENOENT", "REQUEST 4: EINVAL (last)");
  }

  @Test
  void indexesOfRefusalsCountOverAllDatagrams() throws IOException {
    NetlinkConnection small = connectionOf(answering(new ScriptedSocket(3 * 2048)));
    List<NetlinkRequest> requests = IntStream.range(0, 10).mapToObj(i -> request(i)).toList();
    assertThat(small.batch(requests)).extracting(BatchFailure::index).containsExactly(3, 6, 9);
  }

  @Test
  void noMoreRequestsGoTogetherThanTheirRefusalsFit() throws IOException {
    ScriptedSocket small = answering(new ScriptedSocket(3 * 2048));
    connectionOf(small).batch(IntStream.range(0, 10).mapToObj(i -> request(i)).toList());
    assertThat(small.sent()).extracting(List::size).containsExactly(3, 3, 3, 1);
  }

  @Test
  void datagramsHaveUpTo64Kibibytes() throws IOException {
    ScriptedSocket counting = answering(new ScriptedSocket());
    connectionOf(counting)
        .batch(IntStream.range(0, 7).mapToObj(i -> requestOf(new byte[20_000])).toList());
    assertThat(counting.sent()).extracting(List::size).containsExactly(3, 3, 1);
  }

  @Test
  void requestLargerThanADatagramGoesAlone() throws IOException {
    ScriptedSocket counting = answering(new ScriptedSocket());
    connectionOf(counting)
        .batch(List.of(requestOf(new byte[8]), requestOf(new byte[200_000]), request(1)));
    assertThat(counting.sent()).extracting(List::size).containsExactly(1, 1, 1);
    assertThat(counting.sent().get(1).get(0).body().limit()).isEqualTo(200_000);
  }

  @Test
  void emptyBatchSendsNothing() throws IOException {
    assertThat(connection.batch(List.of())).isEmpty();
    assertThat(socket.sent()).isEmpty();
  }

  @Test
  void overrunInABatchIsToldBecauseRefusalsMayBeLost() throws IOException {
    socket.answerBy(
        requests -> {
          socket.reply(refusal(requests.get(0), REFUSED));
          socket.fail(new OverrunException("recvfrom: ENOBUFS"));
          socket.reply(acknowledgement(requests.get(1)));
        });
    List<NetlinkRequest> requests = List.of(request(1), request(2));
    assertThatThrownBy(() -> connection.batch(requests)).isInstanceOf(OverrunException.class);
    socket.answerBy(answers -> socket.reply(acknowledgement(answers.get(1))));
    assertThat(connection.batch(requests)).isEmpty();
  }

  @Test
  void notificationsAreTakenAsTheyCome() throws IOException {
    connection.join(5);
    assertThat(socket.groups()).containsExactly(5);
    assertThat(connection.notifications(Duration.ZERO)).isEmpty();
    socket.reply(message(20, 0, 0, 0, s32(1)), message(21, 0, 99, 7, s32(2)));
    assertThat(values(connection.notifications(Duration.ZERO))).containsExactly(1, 2);
  }

  @Test
  void closeClosesTheSocket() throws IOException {
    connection.close();
    assertThat(socket.isClosed()).isTrue();
  }

  private List<NetlinkMessage> sent() {
    return socket.sent().stream().flatMap(List::stream).toList();
  }

  /** Refuses requests whose first number can be divided by 3, but for 0. */
  private static ScriptedSocket answering(ScriptedSocket socket) {
    socket.answerBy(
        requests -> {
          for (NetlinkMessage request : requests) {
            int number = request.body().getInt(0);
            if (number != 0 && number % 3 == 0) {
              socket.reply(refusal(request, REFUSED));
            }
          }
          socket.reply(acknowledgement(requests.get(requests.size() - 1)));
        });
    return socket;
  }

  private static List<Integer> values(List<NetlinkMessage> messages) {
    return messages.stream().map(message -> message.body().getInt(0)).toList();
  }

  private static NetlinkConnection connectionOf(ScriptedSocket socket) {
    try {
      return socket.connection();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NetlinkRequest request(int number) {
    return NetlinkRequest.of(
        TYPE, 0, new AttributeWriter().headerU32(number), () -> "REQUEST " + number);
  }

  private static NetlinkRequest requestOf(byte[] body) {
    return new NetlinkRequest(TYPE, 0, ByteBuffer.wrap(body), () -> "REQUEST");
  }
}
