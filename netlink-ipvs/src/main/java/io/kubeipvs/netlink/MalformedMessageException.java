package io.kubeipvs.netlink;

import java.io.IOException;

/** Bytes that claim to be a netlink message or attribute and are not. */
public final class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message);
  }
}
