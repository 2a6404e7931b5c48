package io.kubeipvs.proxy.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A number the kernel shows. */
final class ProcNumber {
  private static final Path NETFILTER = Path.of("/proc/sys/net/netfilter");

  private ProcNumber() {}

  /** -1 where the kernel has no such number. */
  static long read(String name) {
    try {
      return Long.parseLong(Files.readString(NETFILTER.resolve(name)).strip());
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }
}
