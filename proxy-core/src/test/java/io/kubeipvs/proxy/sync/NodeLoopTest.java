package io.kubeipvs.proxy.sync;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.settings;
import static io.kubeipvs.proxy.Objects.slice;
import static io.kubeipvs.proxy.Objects.with;
import static io.kubeipvs.proxy.sync.Bench.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.PlanSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A sync takes the node as it is: its addresses, its families, its schedulers, its binding. */
class NodeLoopTest {
  private Bench bench = new Bench();

  @Test
  void nodeWithoutAnObjectIsKnownByItsAddresses() {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "169.254.0.1", "10.0.2.15", "10.0.2.16");
    bench = new Bench(kernel, node -> new VipBinding.ByRoute(sources(node)));
    bench.web("10.1.0.1");

    bench.fullSync();
    assertThat(kernel.routes.allRoutes())
        .singleElement()
        .satisfies(route -> assertThat(route.source()).contains(IpAddress.of("10.0.2.15")));

    bench.tracker.node(new NodeInfo("node1", List.of(IpAddress.of("10.0.2.16")), "", List.of()));
    bench.sync();
    assertThat(kernel.routes.allRoutes())
        .singleElement()
        .satisfies(route -> assertThat(route.source()).contains(IpAddress.of("10.0.2.16")));
    assertThat(bench.fullSync().didNothing()).isTrue();
  }

  @Test
  void addressTheNodeDoesNotHaveIsNoSource() {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "10.0.2.15");
    bench = new Bench(kernel, node -> new VipBinding.ByRoute(sources(node)));
    bench.tracker.node(new NodeInfo("node1", List.of(IpAddress.of("203.0.113.9")), "", List.of()));
    bench.web("10.1.0.1");

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(kernel.routes.allRoutes())
        .singleElement()
        .satisfies(route -> assertThat(route.source()).contains(IpAddress.of("10.0.2.15")));
  }

  @Test
  void familyTheNodeLacksIsNotServed() {
    bench =
        new Bench(
            new FakeKernel().withoutIpv6(), new VipBinding.ByRoute(Map.of()), PlanSettings.DEFAULT);
    bench.web("10.1.0.1");
    bench.tracker.service(service("six", OLD, Protocol.TCP, "fd00:96::10"));

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).hasSize(1);
  }

  /** Its tool was lost at an update of the node, say. */
  @Test
  void whatAFamilyHadThatIsNoLongerServedIsLeftAsItIs() throws Exception {
    bench.web("10.1.0.1");
    bench.tracker.service(service("six", OLD, Protocol.TCP, "fd00:96::10"));
    bench.tracker.slice(slice("six", Protocol.TCP, "fd00:10::1"));
    bench.fullSync();
    List<String> before = KernelText.of(bench.kernel.gateways());
    assertThat(bench.kernel.ipvs.services()).hasSize(2);

    bench.kernel.withoutIpv6();
    bench = bench.restarted();
    bench.web("10.1.0.1");

    assertThat(bench.fullSync().done()).isEmpty();
    assertThat(KernelText.of(bench.kernel.gateways())).isEqualTo(before);
  }

  @Test
  void schedulerTheKernelLacksIsReplacedByTheDefault() {
    Service plain = service("web", OLD, Protocol.TCP, "10.96.0.10");
    bench.tracker.service(
        with(plain, settings(Optional.of("nonesuch"), Optional.empty(), Optional.empty())));
    bench.tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));
    bench.tracker.listed();

    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.ipvs.services()).hasSize(1);

    assertThat(bench.kernel.ipvs.service(WEB).orElseThrow().service().scheduler())
        .isEqualTo(Scheduler.ROUND_ROBIN);
    assertThat(bench.servers(WEB)).containsOnlyKeys("10.1.0.1:8080");
  }

  @Test
  void bindingCanBeExchangedBothWays() {
    bench.web("10.1.0.1");
    bench.fullSync();

    bench = new Bench(bench.kernel, new VipBinding.ByAddress(Bench.DEVICE), PlanSettings.DEFAULT);
    bench.web("10.1.0.1");
    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).isEmpty();
    assertThat(bench.fullSync().didNothing()).isTrue();

    bench = bench.restarted();
    bench.web("10.1.0.1");
    assertThat(bench.fullSync().failures()).isEmpty();
    assertThat(bench.kernel.routes.allRoutes()).hasSize(1);
    assertThat(bench.fullSync().didNothing()).isTrue();
  }

  private static Map<AddressFamily, IpAddress> sources(NodeInfo node) {
    return node.address(AddressFamily.IPV4)
        .map(address -> Map.of(AddressFamily.IPV4, address))
        .orElse(Map.of());
  }
}
