package io.kubeipvs.proxy.http;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections of one port, the one that was last of use at the end. Belongs to the server's
 * thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has closed all the same
final class Connections {
  private final int limit;
  private final Set<Channel> open = new LinkedHashSet<>();

  Connections(int limit) {
    this.limit = limit;
  }

  /** Makes room first: one who only holds connections must not keep others out. */
  void add(Channel channel) {
    while (open.size() >= limit) {
      Channel longestIdle = open.iterator().next();
      open.remove(longestIdle);
      longestIdle.close();
    }
    open.add(channel);
  }

  /** It asked something. */
  void used(Channel channel) {
    if (open.remove(channel)) {
      open.add(channel);
    }
  }

  void remove(Channel channel) {
    open.remove(channel);
  }

  void closeAll() {
    Set.copyOf(open).forEach(Channel::close);
  }
}
