package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.netlink.KernelFile;
import io.kubeipvs.proxy.config.SysctlFiles;
import io.kubeipvs.proxy.inspect.KernelGates;
import io.kubeipvs.proxy.inspect.Part;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads all there is to know of a node. Writes nothing, and loads no module. */
public final class NodeReader {
  private final Path root;
  private final SysctlFiles sysctls;
  private final KernelTables tables;

  public NodeReader(KernelGates gateways) {
    this(gateways, Path.of("/"), new SysctlFiles());
  }

  NodeReader(KernelGates gateways, Path root, SysctlFiles sysctls) {
    this.sysctls = sysctls;
    this.tables = new KernelTables(gateways);
    this.root = root;
  }

  /**
   * Takes a look.
   *
   * @param modules those that matter
   * @param api what is known of the API; empty when nobody said where it is
   */
  public NodeFacts read(
      Set<String> modules, Wanted wanted, Optional<ApiState> api, Part<List<String>> drift)
      throws InterruptedIOException {
    String release = line(root.resolve("proc/sys/kernel/osrelease"));
    Set<String> names = new HashSet<>(modules);
    names.add("ip_vs_" + wanted.scheduler());
    // Before netlink is used: the kernel may load modules for that.
    Modules found = new ModuleFiles(root, release).read(names);
    SettingFiles settings = new SettingFiles(sysctls);
    ProcessFiles processes = new ProcessFiles(root, ProcessHandle.current().pid());
    return new NodeFacts(
        Instant.now(),
        release,
        found,
        new Rights(capabilities(), settings.isWritable()),
        settings.read(),
        Part.read(tables::balancing),
        Part.read(tables::sets),
        Part.read(tables::network),
        Part.read(new RuleReader(root, ToolOptions.DEFAULT)::read),
        new LockReader(root).read(),
        processes.read(),
        processes.areAllSeen(),
        new SocketFiles(root).read(processes.ownersOfSockets()),
        Part.read(new TrackingFile(root)::read),
        api,
        drift,
        wanted);
  }

  /** The line {@code CapEff:} of {@code /proc/self/status}, a number in hexadecimal. */
  private long capabilities() {
    try {
      for (String line : Files.readAllLines(root.resolve("proc/self/status"))) {
        if (line.startsWith("CapEff:")) {
          return Long.parseUnsignedLong(line.substring(7).strip(), 16);
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  private static String line(Path file) {
    try {
      return KernelFile.read(file);
    } catch (IOException e) {
      return "";
    }
  }
}
