package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A cluster, what is on its node1 that is not ours, and what holds after each test, whatever it
 * did: the tools agree with each other and with our own lists, a stopped daemon leaves everything
 * in place, and {@code cleanup} leaves the node as it was, what is not ours included.
 */
@RequiresKernel(
    value = {"ip_vs", "ip_vs_rr", "ip_set", "veth", "dummy", "sctp"},
    inIptablesMode = "nf_conntrack")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ScenarioLife {
  /** For what the daemon does by itself; machines that run this can be slow. */
  static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Duration TAIL_OF_A_SYNC = Duration.ofSeconds(3);

  static final int POD_PORT = 8080;
  static final ServiceKey FOREIGN = ServiceKey.of(Protocol.TCP, IpAddress.of("203.0.113.7"), 80);

  final Cluster cluster = Cluster.create();
  final Node node1 = cluster.addNode();
  final Node node2 = cluster.addNode();
  final Client client = cluster.addClient();
  final Pod a = node1.addPod("a");
  final Pod b = node1.addPod("b");
  final Pod c = node2.addPod("c");

  /** On node1, and no server. */
  final Pod asker = node1.addPod("asker");

  private final List<Path> scratch = new ArrayList<>();
  private @Nullable Daemon daemon;
  private @Nullable ApiProcess api;
  private @Nullable KernelState before;
  private @Nullable Path manifests;
  private long testBegan;

  @BeforeAll
  void prepareNodes() {
    node1.enableForwarding();
    node2.enableForwarding();
    for (Protocol protocol : protocols()) {
      List.of(a, b, c).forEach(pod -> pod.listen(protocol, POD_PORT));
    }
    for (String range : List.of("10.96.0.0/16", "fd00:96::/64")) {
      cluster.route(IpPrefix.of(range), node1);
    }
    makeWhatIsNotOurs();
  }

  private void makeWhatIsNotOurs() {
    if (hasIpvs()) {
      node1
          .run(
              "sh",
              "-ec",
              """
              ipvsadm -A -t 203.0.113.7:80 -s rr
              ipvsadm -a -t 203.0.113.7:80 -r 10.244.0.5:8080 -m
              """)
          .orFail();
    }
    if (Mode.isIptables()) {
      makeWhatKubeletMakes();
    }
    node1
        .run(
            "sh",
            "-ec",
            """
            ip route add local 203.0.113.7 dev lo table local
            ipset create foreign hash:ip
            ipset add foreign 203.0.113.8
            iptables -A FORWARD -m set --match-set foreign src -j DROP
            iptables -t nat -A POSTROUTING -s 203.0.113.9 -j MASQUERADE
            ip6tables -A FORWARD -s 2001:db8:f::9 -j DROP
            """)
        .orFail();
  }

  /** A chain in which both write; a clean-up leaves what is there. */
  private void makeWhatKubeletMakes() {
    node1
        .run(
            "sh",
            "-ec",
            """
            for tool in iptables ip6tables; do
              $tool -N KUBE-FIREWALL
              $tool -A INPUT -j KUBE-FIREWALL
              $tool -A OUTPUT -j KUBE-FIREWALL
              $tool -t mangle -N KUBE-KUBELET-CANARY
            done
            iptables -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment \\
              --comment "block incoming localnet connections" -m conntrack \\
              ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
            """)
        .orFail();
  }

  /** Those that this kernel has. */
  static List<Protocol> protocols() {
    return Files.exists(Path.of("/proc/net/sctp"))
        ? List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)
        : List.of(Protocol.TCP, Protocol.UDP);
  }

  /**
   * What iptables mode leaves in a chain that kubelet has as well; nodes have one, this has not.
   */
  void removeWhatKubeletHasToo() {
    node1
        .run(
            "sh",
            "-ec",
            """
            for tool in iptables ip6tables; do
              $tool -D INPUT -j KUBE-FIREWALL
              $tool -D OUTPUT -j KUBE-FIREWALL
              $tool -F KUBE-FIREWALL
              $tool -X KUBE-FIREWALL
            done
            """)
        .orFail();
  }

  /** Iptables mode has to do without it on most machines. */
  static boolean hasIpvs() {
    return Files.exists(Path.of("/proc/net/ip_vs"));
  }

  @AfterAll
  void closeCluster() {
    cluster.close();
  }

  @BeforeEach
  void prepare() {
    testBegan = System.nanoTime();
    manifests = directory();
    // Link-local addresses of new interfaces come a little later.
    Await.until(PATIENCE, () -> !addresses().contains("tentative"), this::addresses);
    before = KernelState.of(node1);
  }

  private String addresses() {
    return node1.run("ip", "-6", "-oneline", "address").orFail().stdout();
  }

  @AfterEach
  void theNodeIsAsBefore() {
    try {
      if (daemon != null) {
        check(daemon);
      }
    } finally {
      daemon = null;
      if (api != null) {
        api.close();
        api = null;
      }
      scratch.forEach(ScenarioLife::delete);
      scratch.clear();
      figure("whole test", millisSince(testBegan) + " ms");
    }
  }

  /** The daemon of this test, however it was started. */
  Daemon started(Daemon running) {
    daemon = running;
    return running;
  }

  /** There is nothing to look at after the test: it has looked itself. */
  void forgetDaemon() {
    daemon = null;
  }

  /** Waits for an event: of the API where there is one, else in the log. */
  void awaitEvent(String object, String reason) {
    Await.until(
        PATIENCE,
        () -> events().lines().anyMatch(line -> line.contains(object) && line.contains(reason)),
        this::events);
  }

  private String events() {
    return api == null ? daemonLog() : api.events();
  }

  /** What the daemon said so far. */
  String daemonLog() {
    return daemon == null ? "" : daemon.log();
  }

  private void check(Daemon running) {
    boolean passed = false;
    try {
      toolsAgree();
      aStoppedDaemonLeavesEverything(running);
      cleanupLeavesNothing();
      passed = true;
    } finally {
      running.close();
      if (!passed) {
        Daemon.run(node1, "cleanup"); // for the next test's sake
      }
    }
  }

  private void toolsAgree() {
    if (Mode.isIptables()) {
      assertThat(KernelState.of(node1).lines(KernelState.IPVS))
          .isEqualTo(before().lines(KernelState.IPVS));
      return;
    }
    awaitAgreement();
    for (String list : List.of("-S -n", "-L -n")) {
      assertListedAlike(list);
    }
  }

  /** The end of a sync may be seen half done: the state is read by one command after another. */
  private void awaitAgreement() {
    long began = System.nanoTime();
    while (true) {
      try {
        Agreement.check(KernelState.of(node1), Set.of(FOREIGN));
        return;
      } catch (AssertionError e) {
        if (millisSince(began) > TAIL_OF_A_SYNC.toMillis()) {
          throw e;
        }
      }
    }
  }

  /** Connections come and go: what the tool says before and after has to be the same. */
  private void assertListedAlike(String options) {
    String[] words = ("ipvsadm " + options).split(" ");
    String first = node1.run(words).orFail().stdout();
    long began = System.nanoTime();
    while (true) {
      String ours = Daemon.run(node1, words).orFail().stdout();
      String second = node1.run(words).orFail().stdout();
      if (first.equals(second) || millisSince(began) > 3 * PATIENCE.toMillis()) {
        assertThat(ours).as("ipvsadm " + options).isEqualTo(second);
        return;
      }
      first = second;
    }
  }

  private void aStoppedDaemonLeavesEverything(Daemon running) {
    KernelState atWork = KernelState.of(node1);
    if (running.isRunning()) {
      assertThat(running.terminate()).as("exit code after SIGTERM").isZero();
    }
    assertThat(KernelState.of(node1)).as("after SIGTERM").isEqualTo(atWork);
  }

  private void cleanupLeavesNothing() {
    Daemon.run(node1, "cleanup").orFail();
    assertThat(KernelState.of(node1)).as("after cleanup").isEqualTo(before);
  }

  /** What the node looked like before the test. */
  KernelState before() {
    if (before == null) {
      throw new IllegalStateException("between tests");
    }
    return before;
  }

  Path manifests() {
    if (manifests == null) {
      throw new IllegalStateException("between tests");
    }
    return manifests;
  }

  /** An API's stand-in on node1, in front of the manifests. */
  ApiProcess api() {
    if (api == null) {
      api = ApiProcess.start(node1, manifests(), directory());
    }
    return api;
  }

  /** A new directory that goes with the test. */
  Path directory() {
    try {
      Path made = Files.createTempDirectory("scenario");
      scratch.add(made);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted((one, other) -> other.compareTo(one)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A measurement, for people who read the output. */
  void figure(String what, Object value) {
    System.out.println("figure: " + getClass().getSimpleName() + ": " + what + ": " + value);
  }

  static long millisSince(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
  }
}
