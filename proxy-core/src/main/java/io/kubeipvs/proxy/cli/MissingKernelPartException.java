package io.kubeipvs.proxy.cli;

/** IPVS mode needs something that this kernel neither has nor can load. */
final class MissingKernelPartException extends StartupException {
  private static final long serialVersionUID = 1L;

  MissingKernelPartException(String message) {
    super(message);
  }
}
