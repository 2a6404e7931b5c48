package io.kubeipvs.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.netlink.Answers;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.OverrunException;
import io.kubeipvs.netlink.ScriptedSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RouteNotificationsTest {
  private static final int IGNORED = 7;
  private static final Duration LONG = Duration.ofHours(1);

  private final ScriptedSocket socket = new ScriptedSocket();
  private RouteNotifications notifications;

  @BeforeEach
  void subscribe() throws IOException {
    notifications = new RouteNotifications(socket.connection(), link -> link == IGNORED);
  }

  @Test
  void linksAndAddressesOfBothFamiliesAreSubscribedTo() {
    assertThat(socket.groups()).containsExactly(1, 5, 9);
  }

  @Test
  void nothingIsNoChange() throws IOException {
    assertThat(notifications.await(Duration.ZERO)).isFalse();
  }

  @Test
  void allThatCameIsOneChange() throws IOException {
    socket.reply(address(20, 3));
    socket.reply(address(21, 3), address(20, 4));
    assertThat(notifications.await(LONG)).isTrue();
    assertThat(notifications.await(Duration.ZERO)).isFalse();
  }

  @Test
  void addressesOfAnIgnoredLinkAreNoChange() throws IOException {
    socket.reply(address(20, IGNORED), address(21, IGNORED));
    assertThat(notifications.await(Duration.ZERO)).isFalse();
  }

  @Test
  void theIgnoredLinkItselfIsAChange() throws IOException {
    socket.reply(message(17, link(IGNORED)));
    assertThat(notifications.await(LONG)).isTrue();
  }

  @Test
  void changeBesideIgnoredOnesIsTold() throws IOException {
    socket.reply(address(20, IGNORED), address(20, 3), address(20, IGNORED));
    assertThat(notifications.await(LONG)).isTrue();
  }

  @Test
  void lostOrUnreadableNotificationsMayHaveBeenAnything() throws IOException {
    socket.fail(new OverrunException("recvfrom: ENOBUFS"));
    assertThat(notifications.await(LONG)).isTrue();
    socket.fail(new MalformedMessageException("datagram of 200000 bytes"));
    assertThat(notifications.await(LONG)).isTrue();
    socket.reply(message(20, new byte[3]));
    assertThat(notifications.await(LONG)).isTrue();
    assertThat(notifications.await(Duration.ZERO)).isFalse();
  }

  @Test
  void closedIsClosed() throws IOException {
    notifications.close();
    assertThat(socket.isClosed()).isTrue();
    assertThatThrownBy(() -> notifications.await(LONG)).isInstanceOf(ClosedChannelException.class);
  }

  private static byte[] address(int type, int link) {
    ByteBuffer body = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    return message(type, body.putInt(4, link).array());
  }

  private static byte[] link(int index) {
    ByteBuffer body = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    return body.putInt(4, index).array();
  }

  private static byte[] message(int type, byte[] body) {
    return Answers.message(type, 0, 0, 0, body);
  }
}
