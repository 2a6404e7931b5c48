package io.kubeipvs.proxy.config;

import io.kubeipvs.netlink.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes connection tracking as it should be. What cannot be set is said and left: in a network
 * namespace other than the machine's own the table's size is not ours to set, and Services work
 * without.
 */
public final class ConntrackTable {
  /** The buckets of the table; the kernel's own choice is a quarter of the entries, or more. */
  private static final int ENTRIES_PER_BUCKET = 4;

  /** Can be written since Linux 4.9, and also where a container shows {@code /sys} read-only. */
  private static final String BUCKETS = "net/netfilter/nf_conntrack_buckets";

  private final SysctlFiles sysctls;
  private final Path buckets;

  public ConntrackTable(SysctlFiles sysctls) {
    this(sysctls, Path.of("/sys/module/nf_conntrack/parameters/hashsize"));
  }

  ConntrackTable(SysctlFiles sysctls, Path buckets) {
    this.sysctls = sysctls;
    this.buckets = buckets;
  }

  /** What was changed, and what could not be. */
  public record Result(List<String> changed, List<String> problems) {
    public Result {
      changed = List.copyOf(changed);
      problems = List.copyOf(problems);
    }
  }

  public Result apply(ConntrackSettings settings, int cores) {
    List<String> changed = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    attempt(() -> size(settings, cores), changed, problems);
    for (Sysctl timeout : settings.timeouts()) {
      attempt(() -> sysctls.apply(List.of(timeout)), changed, problems);
    }
    return new Result(changed, problems);
  }

  private interface Step {
    List<String> run() throws IOException;
  }

  private static void attempt(Step step, List<String> changed, List<String> problems) {
    try {
      changed.addAll(step.run());
    } catch (IOException | NumberFormatException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private List<String> size(ConntrackSettings settings, int cores) throws IOException {
    int present = Integer.parseInt(sysctls.read(ConntrackSettings.MAXIMUM));
    List<Sysctl> raise = settings.tableSize(cores, present);
    List<String> changed = new ArrayList<>();
    for (Sysctl maximum : raise) {
      changed.addAll(widen(new Sysctl(BUCKETS, bucketsFor(maximum), maximum.reason())));
    }
    changed.addAll(sysctls.apply(raise));
    return changed;
  }

  private static int bucketsFor(Sysctl maximum) {
    return maximum.value() / ENTRIES_PER_BUCKET;
  }

  private List<String> widen(Sysctl wanted) throws IOException {
    try {
      int present = Integer.parseInt(sysctls.read(BUCKETS));
      return present < wanted.value() ? sysctls.apply(List.of(wanted)) : List.of();
    } catch (IOException e) {
      return widenModule(wanted.value());
    }
  }

  private List<String> widenModule(int wanted) throws IOException {
    int present = Integer.parseInt(KernelFile.read(buckets));
    if (present >= wanted) {
      return List.of();
    }
    Files.writeString(buckets, wanted + "\n");
    return List.of("nf_conntrack.hashsize = " + wanted + " (was " + present + ")");
  }
}
