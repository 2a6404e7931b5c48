package io.kubeipvs.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code proc(5)} tells. */
final class Proc {
  /** {@code USER_HZ}. */
  private static final double TICKS_PER_SECOND = 100;

  private Proc() {}

  /** {@code VmHWM} of a process; 0 when it is gone. */
  static long peakKib(long pid) {
    return statusKib(pid, "VmHWM:");
  }

  /** A line of {@code /proc/PID/status}; 0 when it is gone. */
  static long statusKib(long pid, String name) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Processor time of a process and the children it waited for. */
  static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int i = 11; i < 15; i++) { // utime, stime, cutime, cstime
      ticks += Long.parseLong(fields[i]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** Time the machine had nothing to do. */
  static double idleSeconds() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/stat"));
    return Long.parseLong(lines.get(0).trim().split(" +", -1)[4]) / TICKS_PER_SECOND;
  }

  /** Services and servers in the kernel's table. */
  static long ipvsLines() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/net/ip_vs"))) {
      return lines.count() - 3; // the heading
    }
  }
}
