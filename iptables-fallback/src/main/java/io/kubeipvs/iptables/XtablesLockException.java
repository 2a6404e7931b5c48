package io.kubeipvs.iptables;

import java.io.IOException;
import java.time.Duration;

/** Somebody else kept the lock that all users of legacy iptables share. Nothing was changed. */
public final class XtablesLockException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String holder;

  XtablesLockException(String tool, Duration waited, String lockFile, String holder) {
    super(
        "%s waited %d s for %s, held by %s".formatted(tool, waited.toSeconds(), lockFile, holder));
    this.holder = holder;
  }

  /** {@code pid 4711 (iptables-save -c)}. */
  public String holder() {
    return holder;
  }
}
