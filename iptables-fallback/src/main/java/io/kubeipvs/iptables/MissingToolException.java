package io.kubeipvs.iptables;

import java.io.IOException;

/** One of the tools is not installed. */
public final class MissingToolException extends IOException {
  private static final long serialVersionUID = 1L;

  MissingToolException(String tool) {
    super(tool + " was not found in PATH: install the iptables package");
  }
}
