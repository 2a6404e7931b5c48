package io.kubeipvs.proxy.sync;

import java.time.Duration;
import java.util.Optional;

/**
 * Keeps a log readable in which one line would come over and over: the same line is said again
 * after ten minutes at the earliest, with how often it was kept back. For one thread at a time.
 */
public final class RepeatLimit {
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private String last = "";
  private long saidAt;
  private int keptBack;

  /**
   * What to say now.
   *
   * @param now of {@link System#nanoTime}
   */
  public Optional<String> of(String line, long now) {
    boolean repeated = line.equals(last);
    if (repeated && now - saidAt < PAUSE.toNanos()) {
      keptBack++;
      return Optional.empty();
    }
    String text = repeated && keptBack > 0 ? line + " (" + keptBack + " more times since)" : line;
    last = line;
    saidAt = now;
    keptBack = 0;
    return Optional.of(text);
  }

  /** It is over: the next time is news. */
  public void over() {
    last = "";
    keptBack = 0;
  }
}
