package io.kubeipvs.proxy.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Tries again what failed for a reason that may pass, some 15 s long. After that the process ends,
 * and who started it (kubelet, systemd) starts it again.
 */
final class StartRetry {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMillis(250),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8));

  /** What is tried; {@link StartupException} says that trying again is in vain. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException, StartupException;
  }

  @FunctionalInterface
  interface Sleep {
    void sleep(Duration time) throws InterruptedException;
  }

  private final List<Duration> pauses;
  private final Sleep sleep;

  StartRetry(List<Duration> pauses, Sleep sleep) {
    this.pauses = List.copyOf(pauses);
    this.sleep = sleep;
  }

  static StartRetry standard() {
    return new StartRetry(PAUSES, time -> Thread.sleep(time.toMillis()));
  }

  /**
   * @param what is attempted, for the log: {@code the kernel cannot be opened}
   */
  <T> T run(String what, Attempt<T> attempt) throws StartupException {
    Iterator<Duration> pause = pauses.iterator();
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        if (!pause.hasNext()) {
          throw new StartupException(
              "Given up after %d attempts: %s: %s."
                  .formatted(pauses.size() + 1, what, e.getMessage()));
        }
        Duration next = pause.next();
        LOG.warn("{}: {}; trying again in {} ms", what, e.getMessage(), next.toMillis());
        pause(next);
      }
    }
  }

  void pause(Duration time) throws StartupException {
    try {
      sleep.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while starting");
    }
  }
}
