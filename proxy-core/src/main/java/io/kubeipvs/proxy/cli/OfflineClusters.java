package io.kubeipvs.proxy.cli;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.inspect.Routing;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.source.ManifestDirectory;
import io.kubeipvs.proxy.source.Manifests;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two directories of manifests, seen from a node that need not exist: its addresses are those of
 * its Node object, on a machine where nothing else is.
 *
 * @param snapshot of that machine before anything is programmed
 */
record OfflineClusters(Cluster before, Cluster after, Snapshot snapshot) {
  private static final int FIRST_LINK = 2;

  /**
   * @param flags of {@code run}; with {@code --hostname-override} the node that is meant, else the
   *     only one the second directory has
   */
  static OfflineClusters read(Path before, Path after, List<String> flags) throws StartupException {
    Manifests old = manifests("--before", before);
    Manifests next = manifests("--after", after);
    String name = nodeName(RunFlags.parse(flags), next);
    Cluster asked = cluster(next, name, "directory " + after);
    Snapshot snapshot =
        new Snapshot(
            Instant.now(),
            new Version().getVersion()[0],
            RunFlags.withoutPlaces(flags),
            Part.of(asked),
            Part.missing("no daemon asked"),
            machine(asked.node()));
    return new OfflineClusters(cluster(old, name, "directory " + before), asked, snapshot);
  }

  private static Manifests manifests(String flag, Path path) throws StartupException {
    ManifestDirectory directory = new ManifestDirectory(path);
    Manifests manifests = directory.scan();
    if (!directory.isListed()) {
      throw new StartupException(flag + ": " + path + " is not a directory that can be read");
    }
    return manifests;
  }

  private static String nodeName(ProxyOptions options, Manifests manifests)
      throws StartupException {
    boolean isClear = options.hostnameOverride.isEmpty() && manifests.nodes().size() == 1;
    return isClear ? manifests.nodes().firstKey() : SnapshotOptions.nodeName(options);
  }

  private static Cluster cluster(Manifests manifests, String node, String origin) {
    return new Cluster(
        origin,
        node,
        Optional.ofNullable(manifests.nodes().get(node)),
        List.copyOf(manifests.services().values()),
        List.copyOf(manifests.slices().values()),
        manifests.problems());
  }

  private static KernelState machine(Optional<NodeInfo> node) {
    List<LinkAddress> addresses = new ArrayList<>();
    addresses.add(LinkAddress.host(1, IpAddress.of("127.0.0.1")));
    addresses.add(LinkAddress.host(1, IpAddress.of("::1")));
    node.stream()
        .flatMap(known -> known.addresses().stream())
        .forEach(address -> addresses.add(LinkAddress.host(FIRST_LINK, address)));
    Routing routing =
        new Routing(
            List.of(new Link(1, "lo", "", true), new Link(FIRST_LINK, "eth0", "", true)),
            addresses,
            List.of());
    KernelState nothing = KernelState.unknown("offline");
    return new KernelState(
        nothing.release(),
        nothing.ipv6(),
        nothing.ipvs(),
        nothing.sets(),
        Part.of(routing),
        nothing.rules(),
        nothing.connections(),
        nothing.flows(),
        nothing.schedulers(),
        nothing.sysctls());
  }
}
