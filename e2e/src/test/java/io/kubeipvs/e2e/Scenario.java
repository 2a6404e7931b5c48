package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * The daemon on node1 of a cluster, given manifests, with traffic. After each test, whatever it
 * did: the tools agree with each other and with our own lists, a stopped daemon leaves everything
 * in place, and {@code cleanup} leaves the node as it was, what is not ours included.
 */
@RequiresKernel({"ip_vs", "ip_vs_rr", "ip_set", "veth", "dummy", "sctp"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Scenario {
  /** For what the daemon does by itself; machines that run this can be slow. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final int POD_PORT = 8080;
  private static final int LIST_ATTEMPTS = 5;
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
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      List.of(a, b, c).forEach(pod -> pod.listen(protocol, POD_PORT));
    }
    for (String range : List.of("10.96.0.0/16", "fd00:96::/64")) {
      cluster.route(IpPrefix.of(range), node1);
    }
    makeWhatIsNotOurs();
  }

  private void makeWhatIsNotOurs() {
    node1
        .run(
            "sh",
            "-ec",
            """
            ipvsadm -A -t 203.0.113.7:80 -s rr
            ipvsadm -a -t 203.0.113.7:80 -r 10.244.0.5:8080 -m
            ip route add local 203.0.113.7 dev lo table local
            ipset create foreign hash:ip
            ipset add foreign 203.0.113.8
            iptables -A FORWARD -m set --match-set foreign src -j DROP
            iptables -t nat -A POSTROUTING -s 203.0.113.9 -j MASQUERADE
            ip6tables -A FORWARD -s 2001:db8:f::9 -j DROP
            """)
        .orFail();
  }

  @AfterAll
  void closeCluster() {
    cluster.close();
  }

  @BeforeEach
  void prepare() {
    testBegan = System.nanoTime();
    manifests = directory();
    before = KernelState.of(node1);
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
      scratch.forEach(Scenario::delete);
      scratch.clear();
      figure("whole test", millisSince(testBegan) + " ms");
    }
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
    Agreement.check(KernelState.of(node1), Set.of(FOREIGN));
    for (String list : List.of("-S -n", "-L -n")) {
      assertListedAlike(list);
    }
  }

  /** Connections come and go: what the tool says before and after has to be the same. */
  private void assertListedAlike(String options) {
    String[] words = ("ipvsadm " + options).split(" ");
    String first = node1.run(words).orFail().stdout();
    for (int attempt = 1; ; attempt++) {
      String ours = Daemon.run(node1, words).orFail().stdout();
      String second = node1.run(words).orFail().stdout();
      if (first.equals(second) || attempt == LIST_ATTEMPTS) {
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

  // What tests do.

  Daemon start(String... flags) {
    return startUnder(List.of(), flags);
  }

  /** With a command before it, such as {@code env PATH=...}. */
  Daemon startUnder(List<String> wrapper, String... flags) {
    return started(Daemon.startUnder(wrapper, node1, arguments(flags)));
  }

  /** The daemon of this test, however it was started. */
  Daemon started(Daemon running) {
    daemon = running;
    return running;
  }

  /** {@code run --once}. */
  Output runOnce(String... flags) {
    return Daemon.run(
        node1,
        Stream.concat(Stream.of(arguments(flags)), Stream.of("--once")).toArray(String[]::new));
  }

  /** Where manifests come from: the directory itself, or an API in front of it. */
  private String source() {
    return isBehindApi() ? "--master=" + api().address() : "--manifests=" + manifests();
  }

  /** Whether the daemon reads an API in front of the manifests. */
  boolean isBehindApi() {
    return ApiProcess.isAskedFor();
  }

  /** An API's stand-in on node1, in front of the manifests. */
  ApiProcess api() {
    if (api == null) {
      api = ApiProcess.start(node1, manifests(), directory());
    }
    return api;
  }

  private String[] arguments(String... flags) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--mode=ipvs",
                source(),
                "--hostname-override",
                node1.name(),
                "--cluster-cidr",
                "10.244.0.0/16,fd00:10:244::/48"));
    arguments.addAll(List.of(flags));
    return arguments.toArray(String[]::new);
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

  /** Writes a file of manifests as editors do: beside it first, then in its place at once. */
  void write(String file, Object... objects) {
    List<String> documents = Stream.of(objects).map(Object::toString).toList();
    replace(manifests().resolve(file), String.join("---\n", documents));
  }

  static void replace(Path file, String text) {
    try {
      Path beside = file.resolveSibling("." + file.getFileName() + ".new");
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A slice whose endpoints are these pods, all ready. */
  SliceManifest slice(String service, AddressFamily family, Pod... pods) {
    SliceManifest slice = SliceManifest.of(service, family);
    for (Pod pod : pods) {
      slice = slice.backend(pod.addresses().of(family), nodeOf(pod), SliceManifest.READY);
    }
    return slice;
  }

  String nodeOf(Pod pod) {
    return pod.equals(c) ? node2.name() : node1.name();
  }

  /** Waits for the kernel; for everything that tools show of it. */
  KernelState awaitKernel(Predicate<KernelState> condition) {
    KernelState[] last = {before()};
    Await.until(
        PATIENCE,
        () -> {
          last[0] = KernelState.of(node1);
          return condition.test(last[0]);
        },
        () -> last[0] + "\n" + (daemon == null ? "" : daemon.log()));
    return last[0];
  }

  /** Waits until a service has exactly these servers, weight 1, and its VIP is bound. */
  KernelState awaitServed(ServiceKey.Address service, Pod... pods) {
    Map<String, Integer> expected = new TreeMap<>();
    for (Pod pod : pods) {
      expected.put(pod.addresses().of(service.family()).withPort(POD_PORT), 1);
    }
    return awaitKernel(state -> isBound(state, service) && state.servers(service).equals(expected));
  }

  private static boolean isBound(KernelState state, ServiceKey.Address service) {
    return state.services().containsKey(service)
        && (state.routed().contains(service.address())
            || state.addressed().contains(service.address()));
  }

  KernelState awaitGone(ServiceKey.Address service) {
    return awaitKernel(state -> !state.services().containsKey(service) && !isBound(state, service));
  }

  /**
   * Waits until the trace shows so many looks at the whole kernel. When the second has begun, the
   * first sync is over.
   */
  static void awaitLooks(Path trace, long looks) {
    Await.until(
        PATIENCE,
        () -> NetlinkWrites.of(trace).looks() >= looks,
        () -> NetlinkWrites.of(trace).requests().toString());
  }

  /** A measurement, for people who read the output. */
  void figure(String what, Object value) {
    System.out.println("figure: " + getClass().getSimpleName() + ": " + what + ": " + value);
  }

  static long millisSince(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted((one, other) -> other.compareTo(one)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
