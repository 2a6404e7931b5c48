package io.kubeipvs.proxy.plan.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.source.Manifest;
import io.kubeipvs.proxy.source.ManifestReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our plan of a manifest against the state a real kube-proxy left for it. */
class KubeProxyGoldenTest {
  private static final Path STATES = states();
  private static final NodeInfo NODE =
      new NodeInfo(
          "node1",
          List.of(IpAddress.of("10.0.2.15"), IpAddress.of("fd00:10::15")),
          "zone-a",
          List.of(IpPrefix.of("10.244.0.0/24")));
  private static final List<IpAddress> ADDRESSES =
      Stream.of(
              "127.0.0.1",
              "::1",
              "10.0.2.15",
              "fd00:10::15",
              "fe80::1",
              "10.244.0.1",
              "fd00:10:244::1")
          .map(IpAddress::of)
          .toList();

  private static Path states() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  KubeProxyGoldenTest.class.getResource("/golden/kube-proxy-1.30-ipvs"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Path> scenarios() throws IOException {
    try (Stream<Path> entries = Files.list(STATES)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
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
    Collection<Manifest> manifests =
        List.of(read(STATES.resolve("kubernetes.yaml")), read(scenario.resolve("manifest.yaml")));
    PlanContext context = context(Files.readString(scenario.resolve("args")));
    List<ServicePlan> plans = new ArrayList<>();
    for (Manifest manifest : manifests) {
      assertThat(manifest.problems()).isEmpty();
      manifest
          .services()
          .forEach(
              service ->
                  plans.add(
                      Planner.plan(
                          service,
                          manifest.slices().stream()
                              .filter(slice -> slice.service().equals(service.name()))
                              .toList(),
                          context)));
    }
    return plans;
  }

  private static Manifest read(Path file) throws IOException {
    return ManifestReader.read(file.getFileName().toString(), Files.readAllBytes(file));
  }

  private static PlanContext context(String arguments) {
    List<IpPrefix> nodePortRanges =
        option(arguments, "--nodeport-addresses").map(IpPrefix::of).stream().toList();
    SchedulerChoice scheduler =
        option(arguments, "--ipvs-scheduler")
            .map(Scheduler::new)
            .map(SchedulerChoice::of)
            .orElse(SchedulerChoice.ROUND_ROBIN);
    return new PlanContext(
        NODE,
        NodeAddresses.choose(ADDRESSES, nodePortRanges),
        new PlanSettings(scheduler, Optional.empty(), Set.of()));
  }

  private static Optional<String> option(String arguments, String name) {
    return Stream.of(arguments.strip().split(" "))
        .filter(argument -> argument.startsWith(name + "="))
        .map(argument -> argument.substring(name.length() + 1))
        .findFirst();
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> !line.isEmpty()).toList();
  }
}
