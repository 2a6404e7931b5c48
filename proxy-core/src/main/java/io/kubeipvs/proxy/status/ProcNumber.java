package io.kubeipvs.proxy.status;

import io.kubeipvs.netlink.KernelFile;
import java.io.IOException;
import java.nio.file.Path;

/** A number the kernel shows. */
final class ProcNumber {
  private static final Path NETFILTER = Path.of("/proc/sys/net/netfilter");

  private ProcNumber() {}

  /** -1 where the kernel has no such number. */
  static long read(String name) {
    try {
      return Long.parseLong(KernelFile.read(NETFILTER.resolve(name)));
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }
}
