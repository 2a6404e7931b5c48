package io.kubeipvs.proxy.cli;

/** The node lacks something the proxy cannot do without; the message says what, and what to do. */
class StartupException extends Exception {
  private static final long serialVersionUID = 1L;

  StartupException(String message) {
    super(message);
  }
}
