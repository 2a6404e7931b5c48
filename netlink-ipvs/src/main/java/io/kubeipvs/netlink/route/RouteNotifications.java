package io.kubeipvs.netlink.route;

import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.OverrunException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Tells that links or addresses changed. What changed is not told: whoever wants to know reads the
 * state, and lost notifications are no loss that way. Routes are left out, or every route we make
 * would wake us; but the addresses that they need as sources are in.
 *
 * <p>It has no thread. One thread waits; {@link #close} may come from another, which ends the
 * waiting within half a second.
 */
public final class RouteNotifications implements AutoCloseable {
  /** {@code linux/rtnetlink.h}. */
  private static final int RTNLGRP_LINK = 1;

  private static final int RTNLGRP_IPV4_IFADDR = 5;
  private static final int RTNLGRP_IPV6_IFADDR = 9;

  private final NetlinkConnection connection;
  private final IntPredicate ignoredLinks;

  RouteNotifications(NetlinkConnection connection, IntPredicate ignoredLinks) throws IOException {
    this.connection = connection;
    this.ignoredLinks = ignoredLinks;
    connection.join(RTNLGRP_LINK);
    connection.join(RTNLGRP_IPV4_IFADDR);
    connection.join(RTNLGRP_IPV6_IFADDR);
  }

  /**
   * Subscribes; every change from now on is told.
   *
   * @param ignoredLinks says by index, on the waiting thread, on which links addresses come and go
   *     without being told: the one where the caller itself puts them
   */
  public static RouteNotifications open(NetlinkTrace trace, IntPredicate ignoredLinks)
      throws IOException {
    NetlinkConnection connection = NetlinkConnection.open(NetlinkConnection.ROUTE, trace);
    try {
      return new RouteNotifications(connection, ignoredLinks);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Waits for a change, and takes in all that have been told by then.
   *
   * @return whether there was any, or notifications were lost
   * @throws java.nio.channels.ClosedChannelException when this was closed
   */
  public boolean await(Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean changed = false;
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      List<NetlinkMessage> messages;
      try {
        messages = connection.notifications(changed ? Duration.ZERO : left);
      } catch (OverrunException | MalformedMessageException e) {
        return true; // What was in there is not known, so it may have been anything.
      }
      changed |= concernsSomebody(messages);
      if (messages.isEmpty() || left.isZero()) {
        return changed;
      }
    }
  }

  private boolean concernsSomebody(List<NetlinkMessage> messages) {
    return messages.stream().anyMatch(message -> !isIgnored(message));
  }

  private boolean isIgnored(NetlinkMessage message) {
    boolean address =
        message.type() == AddressCodec.RTM_NEWADDR || message.type() == AddressCodec.RTM_DELADDR;
    return address
        && message.body().limit() >= AddressCodec.HEADER_LENGTH
        && ignoredLinks.test(AddressCodec.linkIndex(message));
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
