package io.kubeipvs.netlink.generic;

import java.io.IOException;

/** The kernel has no generic netlink family of that name: its module is not loaded. */
public final class UnknownFamilyException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnknownFamilyException(String family, String module) {
    super(
        "the kernel has no generic netlink family %s: module %s is not loaded"
            .formatted(family, module));
  }
}
