package io.kubeipvs.iptables;

import java.io.IOException;

/** A tool was killed, could not run or had no memory: that says nothing about what it was given. */
public final class ToolOutOfOrderException extends IOException {
  private static final long serialVersionUID = 1L;

  ToolOutOfOrderException(String message) {
    super(message);
  }
}
