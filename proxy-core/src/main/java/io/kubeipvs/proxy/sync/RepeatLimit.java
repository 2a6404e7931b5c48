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

  /**
   * It is over: the next time is news.
   *
   * @return what has been said for the last time, if anything was
   */
  public Optional<String> over() {
    Optional<String> said = last.isEmpty() ? Optional.empty() : Optional.of(last);
    last = "";
    keptBack = 0;
    return said;
  }
}
