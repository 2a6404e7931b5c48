package io.kubeipvs.netlink;

import java.io.IOException;

/** A system call failed: the call and its error number. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Errno errno;

  public SystemCallException(String call, Errno errno) {
    super(call + ": " + errno);
    this.errno = errno;
  }

  public Errno errno() {
    return errno;
  }
}
