package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.source.Manifest;
import io.kubeipvs.proxy.source.ManifestReader;
import io.kubeipvs.proxy.state.IptablesState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One family's tables on a node, changed as iptables mode changes them. */
final class IptablesTables {
  private static final IptablesSettings SETTINGS =
      new IptablesSettings(
          new RuleSettings(
              false,
              14,
              new DetectLocal.Ranges(
                  List.of(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:10:244::/48"))),
              true),
          true,
          true,
          List.of());

  private final AddressFamily family;
  private final PlanContext context;
  private final IptablesTools tools;
  private final IptablesState state;

  private IptablesTables(AddressFamily family, Node node, String program) throws IOException {
    List<IpAddress> own = List.of(node.v4(), node.v6());
    this.family = family;
    this.context =
        new PlanContext(
            new NodeInfo(node.name(), own, "", List.of()),
            NodeAddresses.choose(own, List.of()),
            PlanSettings.DEFAULT);
    this.tools =
        IptablesTools.open(
            family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6,
            ToolOptions.DEFAULT
                .withProgram(program)
                .withCommandPrefix(List.of("ip", "netns", "exec", node.name())));
    this.state = new IptablesState(IptablesPlanner.constants(family, context, SETTINGS));
    tools.restore(state.repair(tools.save()));
  }

  static List<IptablesTables> on(Node node, String program) throws IOException {
    List<IptablesTables> both = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      both.add(new IptablesTables(family, node, program));
    }
    return both;
  }

  /** Loads what these manifests change, and finds that a comparison has nothing to add. */
  void put(Object... manifests) throws IOException {
    String text = Stream.of(manifests).map(Object::toString).collect(Collectors.joining("---\n"));
    Manifest read = ManifestReader.read("test", text.getBytes(StandardCharsets.UTF_8));
    assertThat(read.problems()).isEmpty();
    List<ServiceRules> plans = new ArrayList<>();
    for (Service service : read.services()) {
      plans.add(IptablesPlanner.plan(service, family, slices(read, service), context, SETTINGS));
    }
    tools.restore(state.put(plans).restore());
    assertThat(state.repair(tools.save()).text()).isEmpty();
  }

  private static List<EndpointSlice> slices(Manifest manifest, Service service) {
    return manifest.slices().stream()
        .filter(slice -> slice.service().equals(service.name()))
        .toList();
  }
}
