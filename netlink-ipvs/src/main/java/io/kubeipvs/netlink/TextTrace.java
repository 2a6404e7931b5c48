package io.kubeipvs.netlink;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Writes what passes through connections as text, both ways; {@code MessageText} has the layout.
 * Connections of several threads may share one: the lines of a datagram stay together.
 */
public final class TextTrace implements NetlinkTrace {
  private final Consumer<String> lines;

  /**
   * @param lines takes lines without their ends, such as {@code System.err::println}
   */
  public TextTrace(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public synchronized void sent(int protocol, ByteBuffer datagram) {
    MessageText.lines(">", protocol, datagram).forEach(lines);
  }

  @Override
  public synchronized void received(int protocol, ByteBuffer datagram) {
    MessageText.lines("<", protocol, datagram).forEach(lines);
  }
}
