package io.kubeipvs.netlink.conntrack;

import java.io.IOException;

/** The kernel has no ctnetlink, and cannot load it. */
public final class NoConntrackException extends IOException {
  private static final long serialVersionUID = 1L;

  public NoConntrackException(IOException cause) {
    super("the kernel has no module nf_conntrack_netlink", cause);
  }
}
