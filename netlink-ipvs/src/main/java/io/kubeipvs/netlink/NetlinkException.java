package io.kubeipvs.netlink;

import java.io.IOException;

/**
 * The kernel refused a request: what was asked, the error number, and the kernel's own words where
 * it gave any (extended acknowledgement).
 */
public final class NetlinkException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String request;
  private final transient Errno errno;
  private final String kernelMessage;

  /**
   * @param request what was asked of what, for a person: {@code IPVS NEW_DEST TCP 10.96.0.10:80}
   * @param kernelMessage the extended acknowledgement's text, or empty
   */
  public NetlinkException(String request, Errno errno, String kernelMessage) {
    super(request + ": " + errno + (kernelMessage.isEmpty() ? "" : " (" + kernelMessage + ")"));
    this.request = request;
    this.errno = errno;
    this.kernelMessage = kernelMessage;
  }

  public String request() {
    return request;
  }

  public Errno errno() {
    return errno;
  }

  public String kernelMessage() {
    return kernelMessage;
  }

  public boolean is(Errno other) {
    return errno.equals(other);
  }

  /** The same answer to a request that is better described this way. */
  public NetlinkException describedAs(String betterRequest) {
    return new NetlinkException(betterRequest, errno, kernelMessage);
  }
}
