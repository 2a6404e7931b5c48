package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConntrackSettings;
import io.kubeipvs.proxy.config.Sysctl;
import io.kubeipvs.proxy.config.SysctlFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Sets the limits of connection tracking, and how likely this process is ended. Where a container
 * may not, that is said, and Services are served all the same.
 */
final class KernelLimits {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");
  private static final Path HASH_SIZE = Path.of("/sys/module/nf_conntrack/parameters/hashsize");
  private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");

  private KernelLimits() {}

  static void set(KernelOptions options) {
    SysctlFiles files = new SysctlFiles();
    ConntrackSettings settings = options.conntrack();
    try {
      int present = Integer.parseInt(files.read("net/netfilter/nf_conntrack_max"));
      int processors = Runtime.getRuntime().availableProcessors();
      for (Sysctl sysctl : settings.sysctls(processors, present)) {
        set(files, sysctl);
      }
      int max = Integer.parseInt(files.read("net/netfilter/nf_conntrack_max"));
      growTable(max / 4);
    } catch (IOException | NumberFormatException e) {
      LOG.warn("the limits of connection tracking stay as they are: {}", e.toString());
    }
    write(OOM_SCORE, options.oomScoreAdj, "the likelihood to be ended stays as it is");
  }

  private static void set(SysctlFiles files, Sysctl sysctl) {
    try {
      files.apply(List.of(sysctl)).forEach(set -> LOG.info("set {}", set));
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /** A table with fewer lists than a quarter of its entries is slow to search. */
  private static void growTable(int lists) throws IOException {
    if (Files.exists(HASH_SIZE) && Integer.parseInt(Files.readString(HASH_SIZE).strip()) < lists) {
      write(HASH_SIZE, lists, "the table of tracked connections stays as it is");
    }
  }

  private static void write(Path file, int value, String otherwise) {
    try {
      Files.writeString(file, value + "\n");
    } catch (IOException e) {
      LOG.warn("{}: {}", otherwise, e.toString());
    }
  }
}
