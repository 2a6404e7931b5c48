package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.RulePart;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.GoldenStates;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.source.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One scenario: what kube-proxy was given, and what it left. */
public record KubeProxyState(Path directory, String arguments) {
  private static final Path STATES = GoldenStates.of("kube-proxy-1.30-iptables");

  public static List<KubeProxyState> all() throws IOException {
    List<KubeProxyState> all = new ArrayList<>();
    for (Path scenario : GoldenStates.scenarios(STATES)) {
      all.add(new KubeProxyState(scenario, Files.readString(scenario.resolve("args"))));
    }
    return all;
  }

  public String name() {
    return directory.getFileName().toString();
  }

  /** Whether kube-proxy did not run for that family, for want of the tools. */
  public boolean isWithout(AddressFamily family) throws IOException {
    return Files.size(saved(family)) == 0;
  }

  public String text(AddressFamily family) throws IOException {
    return Files.readString(saved(family));
  }

  private Path saved(AddressFamily family) {
    return directory.resolve(family == AddressFamily.IPV4 ? "iptables.txt" : "ip6tables.txt");
  }

  public RuleSet constants(AddressFamily family) {
    return IptablesPlanner.constants(family, context(), settings());
  }

  public List<ServiceRules> plans(AddressFamily family) throws IOException {
    Path others = STATES.resolveSibling("kube-proxy-1.30-ipvs");
    Path own = directory.resolve("manifest.yaml");
    List<Path> files =
        List.of(
            others.resolve("kubernetes.yaml"),
            Files.exists(own) ? own : others.resolve(name()).resolve("manifest.yaml"));
    List<ServiceRules> plans = new ArrayList<>();
    for (Path file : files) {
      Manifest manifest = GoldenStates.manifest(file);
      manifest.services().forEach(service -> plans.add(plan(service, manifest, family)));
    }
    return plans;
  }

  private ServiceRules plan(Service service, Manifest manifest, AddressFamily family) {
    return IptablesPlanner.plan(
        service, family, GoldenStates.slices(manifest, service), context(), settings());
  }

  /** Everything of that family in one set. */
  public RuleSet rules(AddressFamily family) throws IOException {
    List<RulePart> parts = plans(family).stream().map(ServiceRules::part).toList();
    return constants(family).with(parts);
  }

  private PlanContext context() {
    return new PlanContext(
        GoldenStates.NODE,
        NodeAddresses.choose(GoldenStates.ADDRESSES, nodePortRanges()),
        PlanSettings.DEFAULT);
  }

  private IptablesSettings settings() {
    RuleSettings rules =
        new RuleSettings(
            arguments.contains("--masquerade-all"),
            option("--iptables-masquerade-bit").map(Integer::parseInt).orElse(14),
            detectLocal(),
            true);
    boolean localhost = option("--iptables-localhost-nodeports").orElse("true").equals("true");
    return new IptablesSettings(rules, localhost, true, nodePortRanges());
  }

  private DetectLocal detectLocal() {
    return switch (option("--detect-local-mode").orElse("ClusterCIDR")) {
      case "InterfaceNamePrefix" ->
          new DetectLocal.InterfacePrefix(option("--pod-interface-name-prefix").orElseThrow());
      case "NodeCIDR" -> new DetectLocal.Ranges(GoldenStates.NODE.podCidrs());
      default ->
          new DetectLocal.Ranges(
              Stream.of(option("--cluster-cidr").orElseThrow().split(","))
                  .map(IpPrefix::of)
                  .toList());
    };
  }

  private List<IpPrefix> nodePortRanges() {
    return option("--nodeport-addresses").map(IpPrefix::of).stream().toList();
  }

  private Optional<String> option(String name) {
    return GoldenStates.option(arguments, name);
  }

  @Override
  public String toString() {
    return name();
  }
}
