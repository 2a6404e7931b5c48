package io.kubeipvs.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads and writes {@code /proc/sys}. */
public final class SysctlFiles {
  private final Path root;

  public SysctlFiles() {
    this(Path.of("/proc/sys"));
  }

  public SysctlFiles(Path root) {
    this.root = root;
  }

  public String read(String key) throws IOException {
    return Files.readString(root.resolve(key)).strip();
  }

  /** The names in a directory of settings, in order; empty when there is no such directory. */
  List<String> names(String directory) throws IOException {
    if (!Files.isDirectory(root.resolve(directory))) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root.resolve(directory))) {
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
          Files.writeString(root.resolve(sysctl.key()), sysctl.value() + "\n");
          changed.add(sysctl + " (was " + present + "): " + sysctl.reason());
        }
      } catch (IOException e) {
        throw new IOException("cannot set " + sysctl + ": " + e, e);
      }
    }
    return changed;
  }
}
