package io.kubeipvs.proxy.plan;

import java.time.Duration;

/**
 * How a new server comes to its full weight: in equal steps, the first of them at once, so that
 * caches fill before all of its share arrives. A function of the time that went by; who is how far
 * is known to those who have a clock.
 */
public record SlowStart(Duration duration) {
  /** A full weight that is a multiple of this has room for all of them. */
  public static final int STEPS = 10;

  /** From the first step to the last. */
  private static final int INTERVALS = STEPS - 1;

  /** {@code atomic_t} in the kernel, but what tools and we write has 16 bits. */
  private static final int HIGHEST_WEIGHT = 0xffff;

  /** What weights have to be multiplied with for the steps to differ, given the highest of them. */
  public static int scale(int highestWeight) {
    return Math.max(1, Math.min(STEPS, HIGHEST_WEIGHT / highestWeight));
  }

  public boolean isOver(Duration elapsed) {
    return elapsed.compareTo(duration) >= 0;
  }

  public int weight(int full, Duration elapsed) {
    return weight(full, step(elapsed));
  }

  private static int weight(int full, int step) {
    return Math.max(1, full * step / STEPS);
  }

  /** 1 at first, {@link #STEPS} when it is over. */
  private int step(Duration elapsed) {
    if (isOver(elapsed)) {
      return STEPS;
    }
    int step = 1;
    while (step < STEPS && elapsed.compareTo(reached(step + 1)) >= 0) {
      step++;
    }
    return step;
  }

  private Duration reached(int step) {
    return duration.multipliedBy(step - 1).dividedBy(INTERVALS);
  }

  /** After which time in all the next step is due, for one that is not over. */
  public Duration nextStep(Duration elapsed) {
    return reached(Math.min(STEPS, step(elapsed) + 1));
  }

  /** The time after which a server has that weight; all of it when no step has. */
  public Duration elapsedAt(int full, int weight) {
    for (int step = 1; step < STEPS; step++) {
      if (weight(full, step) == weight) {
        return reached(step);
      }
    }
    return duration;
  }
}
