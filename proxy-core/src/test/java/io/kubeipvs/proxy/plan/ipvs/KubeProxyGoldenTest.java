package io.kubeipvs.proxy.plan.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.GoldenStates;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.source.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our plan of a manifest against the state a real kube-proxy left for it. */
class KubeProxyGoldenTest {
  private static final Path STATES = GoldenStates.of("kube-proxy-1.30-ipvs");

  static List<Path> scenarios() throws IOException {
    return GoldenStates.scenarios(STATES);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void theStateIsKubeProxysButForWhatWeMeanToDoOtherwise(Path scenario) throws IOException {
    List<ServicePlan> plans = plans(scenario);
    SortedSet<String> theirs = new TreeSet<>(lines(scenario.resolve("ipvsadm-Sn.txt")));
    theirs.addAll(lines(scenario.resolve("ipset-add.txt")));
    SortedSet<String> ours = new TreeSet<>(PlanText.ipvsadm(plans));
    ours.addAll(PlanText.ipset(plans));

    for (Difference difference : Differences.of(scenario.getFileName().toString())) {
      difference.missing().forEach(line -> assertThat(theirs.remove(line)).as(line).isTrue());
      difference.added().forEach(line -> assertThat(theirs.add(line)).as(line).isTrue());
    }
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void everyDifferenceIsOfAScenarioThatExists() throws IOException {
    Set<String> names = new TreeSet<>();
    scenarios().forEach(scenario -> names.add(scenario.getFileName().toString()));
    assertThat(names).hasSize(51).containsAll(Differences.scenarios());
  }

  @Test
  void theSetsAreMadeAsKubeProxyMakesThem() throws IOException {
    List<String> ours =
        KubeSets.ALL.values().stream()
            .filter(spec -> !spec.name().value().matches("KUBE-(6-)?NO-.*"))
            .map(spec -> "create " + spec)
            .toList();
    assertThat(ours).containsExactlyInAnyOrderElementsOf(lines(STATES.resolve("ipset-create.txt")));
  }

  private static List<ServicePlan> plans(Path scenario) throws IOException {
    PlanContext context = context(Files.readString(scenario.resolve("args")));
    List<ServicePlan> plans = new ArrayList<>();
    for (Path file :
        List.of(STATES.resolve("kubernetes.yaml"), scenario.resolve("manifest.yaml"))) {
      Manifest manifest = GoldenStates.manifest(file);
      for (Service service : manifest.services()) {
        plans.add(Planner.plan(service, GoldenStates.slices(manifest, service), context));
      }
    }
    return plans;
  }

  private static PlanContext context(String arguments) {
    List<IpPrefix> nodePortRanges =
        GoldenStates.option(arguments, "--nodeport-addresses").map(IpPrefix::of).stream().toList();
    SchedulerChoice scheduler =
        GoldenStates.option(arguments, "--ipvs-scheduler")
            .map(Scheduler::new)
            .map(SchedulerChoice::of)
            .orElse(SchedulerChoice.ROUND_ROBIN);
    return new PlanContext(
        GoldenStates.NODE,
        NodeAddresses.choose(GoldenStates.ADDRESSES, nodePortRanges),
        new PlanSettings(scheduler, Optional.empty(), Set.of()));
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> !line.isEmpty()).toList();
  }
}
