package io.kubeipvs.proxy.state;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangeQueueTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private Instant now = START;
  private final ChangeTracker tracker = new ChangeTracker("node1", () -> now);

  @Test
  void nothingIsQueuedBeforeEverythingIsListed() {
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));

    assertThat(tracker.queue().oldestQueued()).isEmpty();
    assertThat(tracker.queue().lastQueued()).isEmpty();
  }

  @Test
  void oldestChangeTellsHowLongSomethingWaits() {
    tracker.listed();
    now = START.plusSeconds(5);
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));

    assertThat(tracker.queue().oldestQueued()).contains(START);
    assertThat(tracker.queue().lastQueued()).contains(START.plusSeconds(5));
  }

  @Test
  void takenChangeWaitsUntilItIsApplied() {
    tracker.listed();
    tracker.take();
    now = START.plusSeconds(5);
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    tracker.take();

    assertThat(tracker.queue().oldestQueued()).contains(START);

    tracker.applied();

    assertThat(tracker.queue().oldestQueued()).isEmpty();
  }

  @Test
  void changeDuringASyncIsNotForgottenAtItsEnd() {
    tracker.listed();
    tracker.take();
    now = START.plusSeconds(5);
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    tracker.applied();

    assertThat(tracker.queue().oldestQueued()).contains(now);
  }

  @Test
  void changesAreCountedAndWaitUntilTheyAreTaken() {
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.11"));
    tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));
    tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));

    assertThat(tracker.queue())
        .isEqualTo(new ChangeTracker.Queue(2, 1, 1, 1, Optional.empty(), Optional.empty()));

    tracker.take();

    assertThat(tracker.queue())
        .isEqualTo(new ChangeTracker.Queue(2, 1, 0, 0, Optional.empty(), Optional.empty()));
  }

  @Test
  void triggersAreToldWhenTheyAreAppliedNotBefore() {
    tracker.slice(triggered("10.1.0.1", START.plusSeconds(1)));
    tracker.take();
    tracker.slice(triggered("10.1.0.2", START.plusSeconds(2)));

    assertThat(tracker.applied().triggers())
        .isEqualTo(List.of(new ChangeTracker.Trigger(AddressFamily.IPV4, START.plusSeconds(1))));
    assertThat(tracker.applied().triggers()).isEmpty();

    tracker.take();

    assertThat(tracker.applied().triggers()).hasSize(1);
  }

  @Test
  void whatLedToASliceBeforeOurStartSaysNothingOfUs() {
    tracker.slice(triggered("10.1.0.1", START.minusSeconds(1)));
    tracker.take();

    assertThat(tracker.applied().triggers()).isEmpty();
  }

  @Test
  void nodeIsEligibleUntilItSaysOtherwise() {
    assertThat(tracker.isNodeEligible()).isTrue();

    tracker.node(new NodeInfo("node2", List.of(), "", List.of(), false));
    assertThat(tracker.isNodeEligible()).isTrue();

    tracker.node(new NodeInfo("node1", List.of(), "", List.of(), false));
    assertThat(tracker.isNodeEligible()).isFalse();
  }

  private static EndpointSlice triggered(String address, Instant time) {
    EndpointSlice slice = slice("web", Protocol.TCP, address);
    return new EndpointSlice(
        slice.name(), slice.service(), slice.family(), slice.ports(), slice.endpoints(), time);
  }
}
