package io.kubeipvs.proxy.config;

import io.kubeipvs.netlink.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads and writes {@code /proc/sys}. Container runtimes mount that read-only; the part {@code
 * net}, which is the network namespace's, can be mounted a second time elsewhere, and then is read
 * and written there.
 */
public final class SysctlFiles {
  private static final String NET_ELSEWHERE = "KUBE_IPVS_PROC_SYS_NET";
  private static final String NET = "net/";

  private final Path root;
  private final Path net;

  /** Of this machine, with the part {@code net} where the environment says. */
  public SysctlFiles() {
    this(Path.of("/proc/sys"), System.getenv());
  }

  SysctlFiles(Path root, Map<String, String> environment) {
    this(root, Path.of(environment.getOrDefault(NET_ELSEWHERE, root.resolve(NET).toString())));
  }

  public SysctlFiles(Path root) {
    this(root, root.resolve(NET));
  }

  SysctlFiles(Path root, Path net) {
    this.root = root;
    this.net = net;
  }

  public String read(String key) throws IOException {
    return KernelFile.read(file(key));
  }

  /** Whether it could be set; it is not tried. */
  public boolean isWritable(String key) {
    return Files.isWritable(file(key));
  }

  private Path file(String key) {
    return key.startsWith(NET) ? net.resolve(key.substring(NET.length())) : root.resolve(key);
  }

  /** The names in a directory of settings, in order; empty when there is no such directory. */
  public List<String> names(String directory) throws IOException {
    if (!Files.isDirectory(file(directory))) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(file(directory))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  /**
   * Sets those that have another value.
   *
   * @return what was changed, with the former value, for the log
   * @throws IOException naming the setting that could not be read or written
   */
  public List<String> apply(List<Sysctl> sysctls) throws IOException {
    List<String> changed = new ArrayList<>();
    for (Sysctl sysctl : sysctls) {
      try {
        String present = read(sysctl.key());
        if (!present.equals(Integer.toString(sysctl.value()))) {
          Files.writeString(file(sysctl.key()), sysctl.value() + "\n");
          changed.add(sysctl + " (was " + present + "): " + sysctl.reason());
        }
      } catch (IOException e) {
        throw new IOException("cannot set " + sysctl + ": " + e, e);
      }
    }
    return changed;
  }
}
