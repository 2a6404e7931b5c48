package io.kubeipvs.proxy.source.kubernetes;

/** How to reach the API server cannot be told; the message names the file and the field. */
public final class AccessException extends Exception {
  private static final long serialVersionUID = 1L;

  AccessException(String message) {
    super(message);
  }
}
