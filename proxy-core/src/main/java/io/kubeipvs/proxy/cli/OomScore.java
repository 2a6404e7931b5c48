package io.kubeipvs.proxy.cli;

import io.kubeipvs.netlink.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** How likely the kernel ends this process when memory is short. */
final class OomScore {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");
  private static final Path FILE = Path.of("/proc/self/oom_score_adj");

  /** What kubelet gives the pods that a node cannot do without, and does not let them lower. */
  private static final int OF_CRITICAL_PODS = -997;

  private OomScore() {}

  /** Where a container may not lower it, that is said, and Services are served all the same. */
  static void set(int score) {
    try {
      if (score < OF_CRITICAL_PODS && present() == OF_CRITICAL_PODS) {
        return;
      }
      Files.writeString(FILE, score + "\n");
    } catch (IOException e) {
      LOG.warn("--oom-score-adj: {} stays as it is: {}", FILE, e.toString());
    }
  }

  private static int present() throws IOException {
    return Integer.parseInt(KernelFile.read(FILE));
  }
}
