package io.kubeipvs.proxy.metrics;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** What the process costs. */
final class ProcessFigures {
  private static final Path SELF = Path.of("/proc/self");
  private static final double MILLIS = 1000;

  private ProcessFigures() {}

  static void register(Meters meters) {
    ProcessHandle.Info info = ProcessHandle.current().info();
    double started = info.startInstant().map(Instant::toEpochMilli).orElse(0L) / MILLIS;
    meters.counterOf(
        Metric.PROCESS_CPU_SECONDS_TOTAL,
        () ->
            ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis()
                / MILLIS);
    meters.gaugeOf(Metric.PROCESS_START_TIME_SECONDS, () -> started);
    meters.gaugeOf(Metric.PROCESS_RESIDENT_MEMORY_BYTES, () -> 1024 * number("status", "VmRSS:"));
    meters.gaugeOf(Metric.PROCESS_VIRTUAL_MEMORY_BYTES, () -> 1024 * number("status", "VmSize:"));
    meters.gaugeOf(Metric.PROCESS_MAX_FDS, () -> number("limits", "Max open files"));
    meters.gaugeOf(Metric.PROCESS_OPEN_FDS, ProcessFigures::openFiles);
    meters.gaugeOf(
        Metric.GO_GOROUTINES, () -> ManagementFactory.getThreadMXBean().getThreadCount());
    memory(meters, "heap", () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
    memory(meters, "nonheap", () -> ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      meters.counterOf(Metric.JVM_GC_COLLECTIONS_TOTAL, gc::getCollectionCount, gc.getName());
      meters.counterOf(
          Metric.JVM_GC_SECONDS_TOTAL, () -> gc.getCollectionTime() / MILLIS, gc.getName());
    }
  }

  private static void memory(Meters meters, String area, Supplier<MemoryUsage> usage) {
    meters.gaugeOf(Metric.JVM_MEMORY_USED_BYTES, () -> usage.get().getUsed(), area);
    meters.gaugeOf(Metric.JVM_MEMORY_COMMITTED_BYTES, () -> usage.get().getCommitted(), area);
    meters.gaugeOf(Metric.JVM_MEMORY_MAX_BYTES, () -> usage.get().getMax(), area);
  }

  /** The first number behind that word; NaN where there is none. */
  private static double number(String file, String word) {
    try {
      for (String line : Files.readAllLines(SELF.resolve(file))) {
        if (line.startsWith(word)) {
          return Double.parseDouble(line.substring(word.length()).strip().split("\\s+", 2)[0]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
    return Double.NaN;
  }

  private static double openFiles() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(SELF.resolve("fd"))) {
      int count = 0;
      for (Path file : files) {
        count += file.getNameCount() > 0 ? 1 : 0;
      }
      return count;
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
