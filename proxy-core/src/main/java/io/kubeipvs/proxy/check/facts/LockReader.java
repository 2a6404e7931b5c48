package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.iptables.XtablesLock;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Watches the lock of legacy iptables for a while: to hold it for a moment is everybody's right.
 */
final class LockReader {
  private static final int LOOKS = 15;
  private static final int PAUSE_MILLIS = 100;

  private final XtablesLock lock;

  LockReader(Path root) {
    this.lock = XtablesLock.standard(root.resolve("proc"));
  }

  /** Somebody who holds it in every look. */
  Optional<LockHold> read() throws InterruptedIOException {
    long began = System.nanoTime();
    Optional<String> holder = lock.heldBy();
    for (int look = 1; look < LOOKS && holder.isPresent(); look++) {
      pause();
      if (!lock.heldBy().equals(holder)) {
        return Optional.empty();
      }
    }
    Duration watched = Duration.ofNanos(System.nanoTime() - began);
    return holder.map(who -> new LockHold(lock.file().toString(), who, watched));
  }

  private static void pause() throws InterruptedIOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
