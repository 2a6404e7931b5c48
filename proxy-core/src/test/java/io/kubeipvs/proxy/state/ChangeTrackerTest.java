package io.kubeipvs.proxy.state;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.name;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTrackerTest {
  private final ChangeTracker tracker = new ChangeTracker("node1");
  private final Service web = service("web", OLD, Protocol.TCP, "10.96.0.10");
  private final EndpointSlice slice = slice("web", Protocol.TCP, "10.1.0.1");

  @Test
  void changesOfOneServiceAreOneMark() {
    tracker.service(web);
    tracker.slice(slice);

    assertThat(tracker.take().dirty()).containsExactly(name("web"));
    assertThat(tracker.take().isEmpty()).isTrue();
  }

  @Test
  void whatIsKnownAlreadyIsNoChange() {
    tracker.service(web);
    tracker.slice(slice);
    tracker.take();

    tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    tracker.slice(slice("web", Protocol.TCP, "10.1.0.1"));

    assertThat(tracker.take().isEmpty()).isTrue();
  }

  @Test
  void deletionOfTheUnknownIsNoChange() {
    tracker.serviceDeleted(name("web"));
    tracker.sliceDeleted(slice.name());

    assertThat(tracker.take().isEmpty()).isTrue();
  }

  @Test
  void inputIsTheNewestOfEverything() {
    tracker.service(web);
    tracker.slice(slice);
    EndpointSlice newer = slice("web", Protocol.TCP, "10.1.0.2");
    tracker.slice(newer);

    assertThat(tracker.input(name("web")).service()).contains(web);
    assertThat(tracker.input(name("web")).slices()).containsExactly(newer);
  }

  @Test
  void sliceThatChangesItsServiceMarksBoth() {
    tracker.slice(slice);
    tracker.take();

    EndpointSlice moved =
        new EndpointSlice(
            slice.name(), name("other"), slice.family(), slice.ports(), slice.endpoints());
    tracker.slice(moved);

    assertThat(tracker.take().dirty()).containsExactly(name("other"), name("web"));
    assertThat(tracker.input(name("web")).slices()).isEmpty();
    assertThat(tracker.input(name("other")).slices()).containsExactly(moved);
  }

  @Test
  void nodeAndProblemsAreTakenOnce() {
    tracker.node(NodeInfo.named("node1"));
    tracker.problems(List.of());

    ChangeTracker.Changes changes = tracker.take();
    assertThat(changes.node()).contains(NodeInfo.named("node1"));
    assertThat(changes.problems()).contains(List.of());
    assertThat(tracker.take().isEmpty()).isTrue();
  }

  @Test
  void otherNodesAreNoBusinessOfOurs() {
    tracker.node(NodeInfo.named("node2"));

    assertThat(tracker.take().isEmpty()).isTrue();
  }

  @Test
  void waitEndsAtOnceWhenSomethingHappenedBefore() throws InterruptedException {
    tracker.service(web);

    assertThat(tracker.await(Duration.ofHours(1))).isTrue();
  }

  @Test
  void waitEndsWithoutAChangeWhenItsTimeIsOver() throws InterruptedException {
    assertThat(tracker.await(Duration.ofNanos(1))).isFalse();
  }
}
