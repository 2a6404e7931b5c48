package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.TableWatch.Sight;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody else has changed the packet filter since our last look: flushed it, above all.
 * What was changed only a look can tell.
 *
 * <p>What is seen before a sync and was not there after the last one is not ours, however little
 * time is between two syncs. What others do in the very moments of our own writing cannot be told
 * from it: one more look follows a look that wrote rules, and no third one. What they do while a
 * change of a Service is written, is found by the next look of a period.
 *
 * <p>Others may write often what is no concern of ours: after a look for this that found nothing to
 * do, the next waits so long that they cost a twentieth of a core at most; unless packets are not
 * led into our chains any more, which is no small thing and can be asked at little cost. Times are
 * those of {@link System#nanoTime}.
 */
public final class Disturbance {
  static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration LEAST_PAUSE = Duration.ofSeconds(3);
  private static final int SHARE = 20;

  private final Sights sights;

  /** As the last sync left it; null where it cannot be seen. */
  private @Nullable Sight known;

  /** As it was when {@link #suspicion} was asked last. */
  private @Nullable Sight before;

  /** Whether packets were led into our chains when the last sync was over. */
  private boolean led;

  private boolean othersWrote;
  private boolean unsure;
  private long lookedAt;
  private Duration pause = LEAST_PAUSE;

  /** Why a look is due now. */
  enum Suspicion {
    NONE,
    OTHERS_WROTE,
    /** We wrote ourselves, and others may have meanwhile. */
    UNSURE
  }

  /** What can be seen now. */
  public interface Sights {
    Sight look() throws IOException;

    /** Whether packets are led into our chains; asked only where others wrote. */
    default boolean leadsToUs() throws IOException {
      return true;
    }
  }

  public Disturbance(Sights sights) {
    this.sights = sights;
  }

  /** To be asked before each sync, and meanwhile as often as one likes. */
  Suspicion suspicion(long now) {
    before = look();
    if (known != null && before != null && !known.equals(before)) {
      othersWrote = true;
    }
    boolean pausing = now - lookedAt < pause.toNanos();
    if (othersWrote && (!pausing || isLedAstray())) {
      return Suspicion.OTHERS_WROTE;
    }
    if (pausing) {
      return Suspicion.NONE;
    }
    return unsure ? Suspicion.UNSURE : Suspicion.NONE;
  }

  /**
   * A change of Services is in force, without a look.
   *
   * @param wroteRules whether rules were written; else what changed meanwhile is not ours
   */
  void changed(boolean wroteRules) {
    known = wroteRules ? look() : before;
  }

  /**
   * A look has ended, and what it found is put right.
   *
   * @param wroteRules as for {@link #changed}
   * @param idle whether there was nothing to put right
   */
  void looked(boolean wroteRules, boolean idle, Duration took, long now) {
    changed(wroteRules);
    boolean inVain = unsure || (othersWrote && idle);
    Duration fair = took.multipliedBy(SHARE);
    pause = inVain && fair.compareTo(LEAST_PAUSE) > 0 ? fair : LEAST_PAUSE;
    lookedAt = now;
    othersWrote = false;
    unsure = wroteRules && !unsure;
    led = leads();
  }

  /** Where nothing led to us before, as where the tool refused it, nothing new has happened. */
  private boolean isLedAstray() {
    return led && !leads();
  }

  private boolean leads() {
    try {
      return sights.leadsToUs();
    } catch (IOException e) {
      return true;
    }
  }

  private @Nullable Sight look() {
    try {
      return sights.look();
    } catch (IOException e) {
      return null; // the looks of each period remain
    }
  }
}
