package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ten pods are exchanged, one after the other, under load; nobody who asks can tell. */
final class RollingUpdateE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.8.10");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final int SIZE = 10;
  private static final int LONG_CONNECTIONS = 2 * SIZE;
  private static final int CONNECTIONS = 2000;

  /** Who loses the first packet waits a second for the next. Less is a machine that is busy. */
  private static final Duration STALL = Duration.ofMillis(900);

  private static final Duration SLOW = Duration.ofMillis(500);

  private final List<Pod> old = new ArrayList<>();
  private final List<Pod> young = new ArrayList<>();
  private final Set<Pod> accepting = new HashSet<>();

  @BeforeAll
  void makePods() {
    for (int i = 0; i < SIZE; i++) {
      old.add((i % 2 == 0 ? node1 : node2).addPod("old" + i));
      young.add((i % 2 == 0 ? node2 : node1).addPod("young" + i));
    }
  }

  private Daemon startServing() {
    List<Pod> all = new ArrayList<>(old);
    all.addAll(young);
    all.stream().filter(accepting::add).forEach(pod -> pod.listen(Protocol.TCP, POD_PORT));
    serve(old, List.of());
    Daemon daemon = start();
    awaitWeights(old);
    return daemon;
  }

  @Test
  void noConnectionIsLostAndNoneIsSlow() {
    Daemon daemon = startServing();
    Request endless = Request.tcp(VIP, 80).times(0).within(Duration.ofSeconds(10));
    Request single = endless.parallel(4).pausing(Duration.ofMillis(10));
    try (Load held =
        asker.start(
            endless
                .parallel(LONG_CONNECTIONS)
                .pausing(Duration.ofMillis(200))
                .overOneConnection())) {
      awaitAnswers(held, 2 * LONG_CONNECTIONS);
      Answers quiet;
      try (Load load = asker.start(single)) {
        awaitAnswers(load, CONNECTIONS);
        quiet = load.stop();
      }
      Answers update;
      try (Load load = asker.start(single)) {
        // Who goes first is to have answered before: in iptables mode chance decides whose turn it
        // is.
        Await.until(
            PATIENCE,
            () -> load.soFar().byServer().keySet().equals(names(old)),
            () -> load.soFar().byServer().toString());
        exchange(daemon);
        awaitAnswers(load, CONNECTIONS);
        update = load.stop();
      }
      Answers afterwards = asker.request(single.times(20 * SIZE));
      awaitAnswers(held, held.soFar().answers().size() + 5 * LONG_CONNECTIONS);
      assertUnharmed("quiet", quiet, names(old));
      assertUnharmed("during the update", update, names(old, young));
      assertUnharmed("after the update", afterwards, names(young));
      Answers longOnes = held.stop();
      // By chance some pods may have none of these few.
      assertThat(names(old)).as("long connections").containsAll(longOnes.byServer().keySet());
      assertUnharmed("long connections", longOnes);
      // Of a machine that runs all of the cluster on one core: a bound, not a promise.
      assertThat(update.connectingAt(0.99))
          .isLessThan(quiet.connectingAt(0.99).multipliedBy(5).plusMillis(50));
    }
  }

  @Test
  @IpvsOnly("about conn_reuse_mode of IPVS")
  void clientPortsUsedAgainNeverWait() {
    Daemon daemon = startServing();
    // As in a client that connects more often than it has ports for a minute of TIME_WAIT.
    asker.sysctl("net/ipv4/tcp_tw_reuse", 1);
    asker.run("sh", "-ec", "echo 40000 40799 >/proc/sys/net/ipv4/ip_local_port_range").orFail();
    Request patient = Request.tcp(VIP, 80).within(Duration.ofSeconds(10));
    // The client's own kernel keeps a port for a second: 800 of them last 3 s at this pace.
    Request single = patient.parallel(4).pausing(Duration.ofMillis(15));
    Request two = single.times(CONNECTIONS);
    assertReused("ports used again, before", asker.request(two));
    try (Load load = asker.start(single.times(0))) {
      exchange(daemon);
      awaitAnswers(load, CONNECTIONS);
      assertReused("ports used again, during the update", load.stop());
    }
    assertReused("ports used again, after", asker.request(two));
    assertThat(daemon.log()).containsPattern("conn_reuse_mode .*kernel \\d+\\.\\d+ ");
  }

  private void assertReused(String when, Answers answers) {
    long ports = answers.answers().stream().map(Answers.Answer::clientPort).distinct().count();
    figure(when, answers.answers().size() + " connections from " + ports + " ports");
    assertUnharmed(when, answers);
    assertThat(answers.answers().size()).as(when).isGreaterThan(2 * (int) ports);
  }

  private void assertUnharmed(String what, Answers answers, Set<String> by) {
    assertUnharmed(what, answers);
    assertThat(answers.byServer().keySet()).as(what).isEqualTo(by);
  }

  private void assertUnharmed(String what, Answers answers) {
    Duration slowest = answers.connectingAt(1);
    figure(
        what,
        "%d answers, failures %s, connecting p50 %d us, p99 %d us, max %d us, over 500 ms: %d"
            .formatted(
                answers.answers().size(),
                answers.byReason(),
                micros(answers.connectingAt(0.5)),
                micros(answers.connectingAt(0.99)),
                micros(slowest),
                slow(answers)));
    assertThat(answers.failures()).as(what).isEmpty();
    assertThat(slowest).as(what).isLessThan(STALL);
  }

  private static long slow(Answers answers) {
    return answers.answers().stream().filter(each -> each.connecting().compareTo(SLOW) > 0).count();
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  /** As a Deployment does: one more, then one less, which ends as soon as it may. */
  private void exchange(Daemon daemon) {
    for (int i = 0; i < SIZE; i++) {
      List<Pod> ready = new ArrayList<>(young.subList(0, i + 1));
      ready.addAll(old.subList(i + 1, SIZE));
      long before = syncs(daemon);
      serve(ready, List.of(old.get(i)));
      Await.until(PATIENCE, () -> syncs(daemon) > before, daemon::log);
      awaitWeights(ready);
      old.get(i).stopAccepting(Protocol.TCP, POD_PORT);
      accepting.remove(old.get(i));
    }
    serve(young, List.of());
  }

  /** From the log: asking the kernel all the time would hold up what is measured. */
  private static long syncs(Daemon daemon) {
    return daemon.log().lines().filter(line -> line.contains(" synced ")).count();
  }

  private void serve(List<Pod> ready, List<Pod> terminating) {
    SliceManifest slice = slice("web", AddressFamily.IPV4, ready.toArray(Pod[]::new));
    for (Pod pod : terminating) {
      slice = slice.backend(pod.v4(), node1.name(), SliceManifest.TERMINATING);
    }
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice.port("", Protocol.TCP, POD_PORT));
  }

  /** All these have a share, and no other has. */
  private void awaitWeights(List<Pod> serving) {
    Set<String> expected = addresses(serving);
    Await.until(
        PATIENCE, () -> expected.equals(weighted()), () -> weighted() + " and not " + expected);
  }

  private Set<String> weighted() {
    if (Mode.isIptables()) {
      return new TreeSet<>(KernelState.of(node1).servers(WEB).keySet());
    }
    List<String> lines = node1.run("ipvsadm", "-Sn").orFail().stdout().lines().toList();
    Map<String, Integer> servers = new KernelState(Map.of(KernelState.IPVS, lines)).servers(WEB);
    return servers.entrySet().stream()
        .filter(server -> server.getValue() > 0)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> addresses(List<Pod> pods) {
    return pods.stream()
        .map(pod -> pod.v4().withPort(POD_PORT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @SafeVarargs
  private static Set<String> names(List<Pod>... groups) {
    Set<String> names = new TreeSet<>();
    for (List<Pod> group : groups) {
      group.forEach(pod -> names.add(pod.name()));
    }
    return names;
  }

  private static void awaitAnswers(Load load, int count) {
    Await.until(
        PATIENCE,
        () -> load.soFar().answers().size() >= count,
        () -> load.soFar().byServer() + " " + load.soFar().byReason());
  }
}
