package io.kubeipvs.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.conntrack.FlowTuple;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.FakeKernel;
import io.kubeipvs.proxy.sync.RandomWorld;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotJsonTest {
  private static final IpAddress CLIENT = IpAddress.of("10.0.0.2");
  private static final IpAddress VIP = IpAddress.of("10.96.0.1");
  private static final IpAddress SERVER = IpAddress.of("10.1.0.1");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void readsBackEqual(long seed) throws IOException {
    Snapshot snapshot = snapshot(seed);

    Snapshot read = SnapshotJson.read(Snapshot.class, in(text(snapshot)));

    assertThat(read).isEqualTo(snapshot);
    assertThat(text(read)).isEqualTo(text(snapshot));
  }

  private static Snapshot snapshot(long seed) {
    FakeKernel kernel = new FakeKernel();
    kernel.addDevice("eth0", "10.0.2.15", "fd00:10::15");
    Bench bench = new Bench(kernel, node -> new VipBinding.ByRoute(Map.of()));
    RandomWorld world = new RandomWorld(seed);
    world.tell(bench.tracker);
    for (int i = 0; i < 30; i++) {
      world.change(bench.tracker);
    }
    bench.fullSync();
    bench.tracker.problems(List.of(new Problem("a.yaml", "Service x/y", "spec", "\"bad\" \u0007")));
    return new Snapshot(
        bench.now,
        "kube-ipvs 1",
        List.of("--ipvs-scheduler=rr"),
        Part.of(Cluster.of(bench.tracker, "test")),
        Part.of(
            new Running(
                List.of(new Running.Drain(place(), Instant.EPOCH)), List.of(new Scheduler("mh")))),
        withTraffic(FakeGates.read(kernel)));
  }

  private static ServerPlace place() {
    return new ServerPlace(ServiceKey.of(Protocol.TCP, VIP, 80), new ServerKey(SERVER, 8080));
  }

  private static KernelState withTraffic(KernelState state) {
    Flow flow =
        new Flow(
            Protocol.UDP,
            new FlowTuple(CLIENT, 1000, VIP, 53),
            new FlowTuple(SERVER, 53, CLIENT, 1000),
            0,
            -1);
    IpvsConnection connection =
        new IpvsConnection(
            "TCP", CLIENT, 0, VIP, 80, SERVER, 8080, "NONE", 1L << 40, Optional.of(engine()));
    return new KernelState(
        "6.1.0",
        state.ipv6(),
        state.ipvs(),
        state.sets(),
        state.routing(),
        state.rules(),
        Part.of(List.of(connection)),
        Part.of(List.of(flow)),
        Part.missing("no modules here"),
        new TreeMap<>(Map.of("net/ipv4/ip_forward", "1")));
  }

  private static IpvsConnection.Engine engine() {
    return new IpvsConnection.Engine("sip", "call-7");
  }

  @Test
  void whatIsMissingStaysMissing() throws IOException {
    Snapshot snapshot =
        new Snapshot(
            Instant.EPOCH,
            "",
            List.of(),
            Part.missing("no daemon"),
            Part.missing("no daemon"),
            KernelState.unknown("no privileges"));

    assertThat(SnapshotJson.read(Snapshot.class, in(text(snapshot)))).isEqualTo(snapshot);
  }

  /** Written by an earlier version. */
  @Test
  void partsThatWereNotSavedAreMissing() throws IOException {
    String text =
        text(new Snapshot(
                Instant.EPOCH,
                "",
                List.of(),
                Part.missing("no daemon"),
                Part.missing("no daemon"),
                KernelState.unknown("no privileges")))
            .replace("recentClients", "somethingElse");

    Snapshot read = SnapshotJson.read(Snapshot.class, in(text));

    assertThat(read.kernel().recentClients().isPresent()).isFalse();
  }

  /** Written by a later version. */
  @Test
  void unknownMembersArePassedOver() throws IOException {
    Running running =
        SnapshotJson.read(
            Running.class,
            in(
                """
                {"document": "Running", "version": 1, "content":
                  {"mood": {"good": [true]}, "refusedSchedulers": ["mh"], "drains": null}}
                """));

    assertThat(running).isEqualTo(new Running(List.of(), List.of(new Scheduler("mh"))));
  }

  @Test
  void whatIsNoSnapshotIsRefusedInWords() {
    assertThatThrownBy(() -> SnapshotJson.read(Snapshot.class, in("[]")))
        .isInstanceOf(IOException.class)
        .hasMessage("not a document of kube-ipvs");
    assertThatThrownBy(() -> SnapshotJson.read(Snapshot.class, in("{\"document\": \"Running\"}")))
        .isInstanceOf(IOException.class)
        .hasMessage("a Running where a Snapshot is expected");
    assertThatThrownBy(
            () ->
                SnapshotJson.read(
                    Snapshot.class, in("{\"document\": \"Snapshot\", \"version\": 99}")))
        .isInstanceOf(IOException.class)
        .hasMessage("version 99 of a Snapshot is not known to this kube-ipvs");
    assertThatThrownBy(
            () ->
                SnapshotJson.read(
                    Running.class,
                    in(
                        """
                        {"document": "Running", "version": 1, "content":
                          {"refusedSchedulers": ["a name that is much too long"]}}
                        """)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Scheduler");
  }

  private static String text(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotJson.write(snapshot, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
