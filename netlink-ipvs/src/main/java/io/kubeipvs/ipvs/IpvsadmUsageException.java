package io.kubeipvs.ipvs;

/** The command line makes no sense: what {@code ipvsadm} says to it, and its exit code. */
final class IpvsadmUsageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  IpvsadmUsageException(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
