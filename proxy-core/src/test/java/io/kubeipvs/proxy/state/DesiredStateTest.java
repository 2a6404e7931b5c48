package io.kubeipvs.proxy.state;

import static io.kubeipvs.proxy.Objects.NEW;
import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.name;
import static io.kubeipvs.proxy.Objects.plan;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.ServicePlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class DesiredStateTest {
  private static final IpAddress VIP = IpAddress.of("10.96.0.10");
  private static final ServiceKey KEY = ServiceKey.of(Protocol.TCP, VIP, 80);

  private final DesiredState desired = new DesiredState();

  @Test
  void whatIsPutIsWanted() {
    Footprint footprint = desired.put(web());

    assertThat(footprint.services()).containsExactly(KEY);
    assertThat(footprint.vips()).containsExactly(VIP);
    assertThat(desired.service(KEY)).isNotNull();
    assertThat(footprint.members()).isNotEmpty().allMatch(desired::wants);
    assertThat(desired.footprint()).isEqualTo(footprint);
  }

  @Test
  void samePlanAgainConcernsNothing() {
    desired.put(web());

    assertThat(desired.put(web()).isEmpty()).isTrue();
  }

  @Test
  void samePlanAgainLeavesOneValueOfIt() {
    ServicePlan first = web();
    desired.put(first);
    desired.put(web());

    assertThat(desired.plan(name("web")).orElseThrow().portals())
        .first()
        .isSameAs(first.portals().get(0));
  }

  @Test
  void whatIsRemovedIsConcernedAndNoLongerWanted() {
    Footprint put = desired.put(web());

    assertThat(desired.remove(name("web"))).isEqualTo(put);
    assertThat(desired.footprint().isEmpty()).isTrue();
    assertThat(desired.serviceCount()).isZero();
  }

  @Test
  void removalOfAnUnknownServiceConcernsNothing() {
    assertThat(desired.remove(name("never-seen")).isEmpty()).isTrue();
  }

  @Test
  void olderServiceKeepsAContestedAddress() {
    desired.put(
        plan(
            service("young", NEW, Protocol.TCP, "10.96.0.10"),
            slice("young", Protocol.TCP, "10.1.0.2")));
    desired.put(
        plan(
            service("web", OLD, Protocol.TCP, "10.96.0.10"),
            slice("web", Protocol.TCP, "10.1.0.1")));

    assertThat(servers()).containsExactly("10.1.0.1:8080");
    assertThat(desired.conflicts()).hasSize(1);
    assertThat(desired.conflicts().get(0).loser().service()).isEqualTo(name("young"));
    assertThat(desired.conflicts().get(0))
        .hasToString(
            "Service default/young: TCP 10.96.0.10:80 belongs to the older Service default/web");
  }

  @Test
  void equallyOldServicesAreOrderedByName() {
    desired.put(
        plan(service("b", OLD, Protocol.TCP, "10.96.0.10"), slice("b", Protocol.TCP, "10.1.0.2")));
    desired.put(
        plan(service("a", OLD, Protocol.TCP, "10.96.0.10"), slice("a", Protocol.TCP, "10.1.0.1")));

    assertThat(servers()).containsExactly("10.1.0.1:8080");
  }

  @Test
  void loserIsWantedWhenTheConflictEnds() {
    desired.put(web());
    desired.put(
        plan(
            service("young", NEW, Protocol.TCP, "10.96.0.10"),
            slice("young", Protocol.TCP, "10.1.0.2")));

    Footprint footprint = desired.remove(name("web"));

    assertThat(footprint.services()).containsExactly(KEY);
    assertThat(servers()).containsExactly("10.1.0.2:8080");
    assertThat(desired.conflicts()).isEmpty();
  }

  @Test
  void samePortOfAnotherProtocolIsNoConflict() {
    desired.put(web());
    desired.put(
        plan(
            service("dns", NEW, Protocol.UDP, "10.96.0.10"),
            slice("dns", Protocol.UDP, "10.1.0.2")));

    assertThat(desired.conflicts()).isEmpty();
    assertThat(desired.serviceCount()).isEqualTo(2);
  }

  @Test
  void sharedVipStaysUntilItsLastServiceGoes() {
    desired.put(web());
    desired.put(
        plan(
            service("dns", NEW, Protocol.UDP, "10.96.0.10"),
            slice("dns", Protocol.UDP, "10.1.0.2")));

    desired.remove(name("web"));
    assertThat(desired.wantsVip(VIP)).isTrue();

    desired.remove(name("dns"));
    assertThat(desired.wantsVip(VIP)).isFalse();
  }

  private Iterable<String> servers() {
    PlannedService planned = desired.service(KEY);
    return planned == null
        ? List.of()
        : planned.servers().keySet().stream().map(Object::toString).toList();
  }

  private static ServicePlan web() {
    return plan(
        service("web", OLD, Protocol.TCP, "10.96.0.10"), slice("web", Protocol.TCP, "10.1.0.1"));
  }
}
