package io.kubeipvs.e2e.bench;

import java.io.IOException;

/** The kernel frees large tables after the command that deleted them has ended. */
final class Idle {
  private static final long WINDOW_MILLIS = 200;
  private static final int WINDOWS = 100;

  private Idle() {}

  /** Waits until the machine is nearly idle, or for long enough. */
  static void await() throws IOException, InterruptedException {
    for (int i = 0; i < WINDOWS; i++) {
      double before = Proc.idleSeconds();
      Thread.sleep(WINDOW_MILLIS);
      if (Proc.idleSeconds() - before > 0.8 * WINDOW_MILLIS / 1000) {
        return;
      }
    }
  }
}
