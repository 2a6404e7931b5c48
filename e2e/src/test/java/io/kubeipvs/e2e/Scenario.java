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
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
@RequiresKernel(
    value = {"ip_vs", "ip_vs_rr", "ip_set", "veth", "dummy", "sctp"},
    inIptablesMode = "nf_conntrack")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Scenario {
  /** For what the daemon does by itself; machines that run this can be slow. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int MANY_ENOUGH = 30;
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

  /** There is nothing to look at after the test: it has looked itself. */
  void forgetDaemon() {
    daemon = null;
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
    return startUnder(wrapper, Mode.current(), flags);
  }

  /** In that mode, whatever the others run in. */
  Daemon startIn(Mode mode, String... flags) {
    return startUnder(List.of(), mode, flags);
  }

  private Daemon startUnder(List<String> wrapper, Mode mode, String... flags) {
    return started(Daemon.startUnder(wrapper, node1, arguments(mode, flags)));
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
        Stream.concat(Stream.of(arguments(Mode.current(), flags)), Stream.of("--once"))
            .toArray(String[]::new));
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

  /** For a command that looks at the node when no daemon runs. */
  String flagsOfCommands() {
    return Stream.of(arguments(Mode.current())).skip(1).collect(Collectors.joining(" "));
  }

  private String[] arguments(Mode mode, String... flags) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--mode=" + mode,
                source(),
                "--hostname-override",
                node1.name(),
                "--cluster-cidr",
                "10.244.0.0/16,fd00:10:244::/48"));
    if (mode == Mode.IPTABLES) {
      arguments.add("--iptables-min-sync-period=0s"); // as in IPVS mode
    }
    Stream.of(flags)
        .map(flag -> mode == Mode.IPTABLES ? flag.replace("--ipvs-sync", "--iptables-sync") : flag)
        .forEach(arguments::add);
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
        && (Mode.isIptables()
            || state.routed().contains(service.address())
            || state.addressed().contains(service.address()));
  }

  KernelState awaitGone(ServiceKey.Address service) {
    return awaitKernel(state -> !state.services().containsKey(service) && !isBound(state, service));
  }

  /**
   * How soon a client knows that it is refused. In iptables mode the rules are kube-proxy's, which
   * send ICMP: over IPv6 that may come too early for a socket, and a repeated SYN tells it.
   */
  static Duration noticed() {
    return Mode.isIptables() ? Duration.ofSeconds(4) : Duration.ofSeconds(1);
  }

  /** The addresses and ports of somebody else's, and these. */
  static Set<ServiceKey> withForeign(ServiceKey.Address... keys) {
    Set<ServiceKey> all = new TreeSet<>(List.of(keys));
    if (hasIpvs()) {
      all.add(FOREIGN);
    }
    return all;
  }

  /**
   * Answered by these pods, each so many times; where chance decides, by these pods and no others,
   * as evenly as chance has it where there are enough to tell.
   */
  static void assertShared(String what, Answers answers, int each, Pod... by) {
    Map<String, Integer> expected = new TreeMap<>();
    List.of(by).forEach(pod -> expected.put(pod.name(), each));
    if (!Mode.isIptables()) {
      assertThat(answers.byServer()).as(what).isEqualTo(expected);
      return;
    }
    assertThat(expected.keySet()).as(what).containsAll(answers.byServer().keySet());
    assertThat(answers.answers()).as(what).hasSize(each * by.length);
    if (each >= MANY_ENOUGH) {
      ChiSquare.of(answers.byServer(), expected.keySet()).assertIsChance(what);
    }
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
