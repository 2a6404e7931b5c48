package io.kubeipvs.iptables;

import java.io.IOException;

/** What {@code iptables-save} printed cannot be read: the line, and what is wrong with it. */
public final class MalformedSaveException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_LENGTH = 200;

  private final int line;

  MalformedSaveException(int line, String text, String problem) {
    super("iptables-save, line " + line + ": " + problem + ": `" + shortened(text) + "'");
    this.line = line;
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH) + "...";
  }
}
