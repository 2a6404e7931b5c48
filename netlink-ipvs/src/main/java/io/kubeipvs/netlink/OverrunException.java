package io.kubeipvs.netlink;

import java.io.IOException;

/**
 * The kernel dropped messages for this socket because its receive buffer was full ({@code
 * ENOBUFS}): what was known of the kernel's state is out of date and must be read again.
 */
public final class OverrunException extends IOException {
  private static final long serialVersionUID = 1L;

  public OverrunException(String message) {
    super(message);
  }
}
