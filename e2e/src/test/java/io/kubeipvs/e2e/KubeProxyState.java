package io.kubeipvs.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a kube-proxy in IPVS mode leaves on node1 of a {@link Scenario} for the Service {@code web}
 * of {@link ExposedScenario} and another one that is deleted since; as input for the tools. The
 * files have the shape of what kube-proxy 1.20.2 (IPv4) and 1.30.5 were seen to leave.
 */
record KubeProxyState(String version) {
  private static final Pattern CHOSEN_BY_THE_KERNEL =
      Pattern.compile(" (hashsize|bucketsize|initval) \\S+|^\\d+: | nodad");

  static KubeProxyState of(String version) {
    return new KubeProxyState(version);
  }

  boolean isDualStack() {
    return file("ip6tables.txt") != null;
  }

  void restore(Node node) {
    pipe(node, "ipset.txt", "ipset", "restore");
    pipe(node, "ipvsadm.txt", "ipvsadm", "-R");
    pipe(node, "iptables.txt", "iptables-restore", "--noflush");
    if (isDualStack()) {
      pipe(node, "ip6tables.txt", "ip6tables-restore", "--noflush");
    }
    pipe(node, "addresses.txt", "ip", "-batch", "-");
    node.sysctl("net/ipv4/vs/conntrack", 1);
    node.sysctl("net/ipv4/vs/expire_nodest_conn", 1);
    node.sysctl("net/ipv4/vs/expire_quiescent_template", 1);
  }

  private void pipe(Node node, String name, String... command) {
    String text = Objects.requireNonNull(file(name), name);
    Output.run(node.namespace().command(List.of(command)), text, Scenario.PATIENCE).orFail();
  }

  private @Nullable String file(String name) {
    String path = "/kube-proxy/" + version + "/" + name;
    try (InputStream stream = KubeProxyState.class.getResourceAsStream(path)) {
      return stream == null ? null : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that two kernels which hold the same have in common: without what each chooses itself. */
  static List<String> comparable(KernelState state) {
    List<String> lines = new ArrayList<>();
    for (String command : state.sections().keySet()) {
      if (!command.equals(KernelState.LINKS)) {
        Stream<String> section =
            state.lines(command).stream()
                .map(line -> command + ": " + CHOSEN_BY_THE_KERNEL.matcher(line).replaceAll(""));
        boolean inOrder = command.endsWith("tables-save");
        (inOrder ? section : section.sorted()).forEach(lines::add);
      }
    }
    return lines;
  }
}
