package io.kubeipvs.proxy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** How likely the kernel ends this process when memory is short. */
final class OomScore {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");
  private static final Path FILE = Path.of("/proc/self/oom_score_adj");

  private OomScore() {}

  /** Where a container may not lower it, that is said, and Services are served all the same. */
  static void set(int score) {
    try {
      Files.writeString(FILE, score + "\n");
    } catch (IOException e) {
      LOG.warn("--oom-score-adj: {} stays as it is: {}", FILE, e.toString());
    }
  }
}
