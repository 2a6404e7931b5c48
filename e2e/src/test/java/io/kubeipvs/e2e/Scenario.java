package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
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

/**
 * What tests do: they start the daemon on node1 of a cluster, give it manifests, wait for the
 * kernel, and look at who answers. {@link ScenarioLife} has what holds after each.
 */
abstract class Scenario extends ScenarioLife {
  private static final int MANY_ENOUGH = 30;

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
        () -> last[0] + "\n" + daemonLog());
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
}
