package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the fields of a Service and the conditions of its endpoints mean for who asks. */
final class ServicesE2E extends Scenario {
  private static final IpAddress EMPTY = IpAddress.of("10.96.6.1");
  private static final IpAddress EMPTY_V6 = IpAddress.of("fd00:96::6:1");
  private static final IpAddress UNREADY = IpAddress.of("10.96.6.2");
  private static final IpAddress ENDING = IpAddress.of("10.96.6.3");
  private static final IpAddress STICKY = IpAddress.of("10.96.5.1");
  private static final IpAddress MANY = IpAddress.of("10.96.7.1");

  @Test
  void servicesWithoutEndpointsRefuseAtOnce() {
    write(
        "empty.yaml",
        ServiceManifest.of("empty", EMPTY, EMPTY_V6)
            .port("t", Protocol.TCP, 80)
            .port("u", Protocol.UDP, 80));
    start();
    for (IpAddress vip : List.of(EMPTY, EMPTY_V6)) {
      awaitServed(ServiceKey.of(Protocol.TCP, vip, 80));
      awaitServed(ServiceKey.of(Protocol.UDP, vip, 80));
    }
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
      for (IpAddress vip : List.of(EMPTY, EMPTY_V6)) {
        for (Host host : List.of(asker, node1, client)) {
          isRefusedAtOnce(host, protocol, vip);
        }
      }
    }
  }

  private void isRefusedAtOnce(Host host, Protocol protocol, IpAddress vip) {
    // Linux sends one host six unreachable messages of a family at once, then one a second.
    Request request = Request.to(protocol, vip, 80).times(2).within(Duration.ofSeconds(10));
    String what = host.name() + " " + protocol + " " + vip;
    Answers answers = host.request(request);
    // A datagram that the kernel drops on its own way out comes back as the error of sending it.
    boolean own = host.equals(node1) && protocol.equals(Protocol.UDP);
    String reason = own ? "EPERM" : Answers.Failure.REFUSED;
    assertThat(answers.byReason()).as(what).isEqualTo(Map.of(reason, 2));
    Duration slowest =
        answers.failures().stream()
            .map(Answers.Failure::total)
            .max(Duration::compareTo)
            .orElseThrow();
    figure("refused: " + what, "slowest " + slowest.toMillis() + " ms");
    assertThat(slowest).as(what).isLessThan(noticed());
  }

  @Test
  void onlyUsableEndpointsServeAndSomeServicesAreNotForProxies() {
    ServiceManifest headless =
        ServiceManifest.of("headless").port("", Protocol.TCP, 80).with("clusterIP: None");
    ServiceManifest external =
        ServiceManifest.of("external").with("type: ExternalName").with("externalName: example.com");
    write("not-ours.yaml", headless, slice("headless", AddressFamily.IPV4, a), external);
    SliceManifest unready =
        SliceManifest.of("unready", AddressFamily.IPV4)
            .port("", Protocol.TCP, POD_PORT)
            .backend(a.v4(), "node1", SliceManifest.READY)
            .backend(b.v4(), "node1", SliceManifest.NOT_READY)
            .backend(c.v4(), "node2", SliceManifest.TERMINATING);
    write(
        "unready.yaml", ServiceManifest.of("unready", UNREADY).port("", Protocol.TCP, 80), unready);
    SliceManifest ending =
        SliceManifest.of("ending", AddressFamily.IPV4)
            .port("", Protocol.TCP, POD_PORT)
            .backend(a.v4(), "node1", SliceManifest.NOT_READY)
            .backend(b.v4(), "node1", SliceManifest.ENDING)
            .backend(c.v4(), "node2", SliceManifest.TERMINATING);
    write("ending.yaml", ServiceManifest.of("ending", ENDING).port("", Protocol.TCP, 80), ending);
    Daemon daemon = start();

    ServiceKey.Address unreadyKey = ServiceKey.of(Protocol.TCP, UNREADY, 80);
    ServiceKey.Address endingKey = ServiceKey.of(Protocol.TCP, ENDING, 80);
    awaitServed(unreadyKey, a);
    KernelState state = awaitServed(endingKey, c);
    assertThat(state.services().keySet()).isEqualTo(withForeign(unreadyKey, endingKey));
    assertThat(daemon.log()).doesNotContain("skipped");
    assertThat(asker.request(Request.tcp(ENDING, 80).times(5)).byServer())
        .isEqualTo(Map.of("c", 5));

    // As soon as one is ready, the one that goes is not used any more.
    write(
        "ending.yaml",
        ServiceManifest.of("ending", ENDING).port("", Protocol.TCP, 80),
        ending.backend(node1.v4(), "node1", SliceManifest.READY));
    awaitKernel(
        now ->
            now.servers(endingKey).get(node1.v4().withPort(POD_PORT)) != null
                && now.servers(endingKey).getOrDefault(c.v4().withPort(POD_PORT), 0) == 0);
    figure("terminating as fallback only", "yes");
  }

  @Test
  void everyPortIsServedAndADeletedServiceIsGone() throws IOException {
    ServiceManifest service =
        ServiceManifest.of("many", MANY)
            .port("web", Protocol.TCP, 80)
            .port("same", Protocol.UDP, 80)
            .port("other", Protocol.TCP, 81);
    SliceManifest slice =
        slice("many", AddressFamily.IPV4, a, b)
            .port("web", Protocol.TCP, POD_PORT)
            .port("same", Protocol.UDP, POD_PORT)
            .port("other", Protocol.TCP, POD_PORT);
    write("many.yaml", service, slice);
    // Without it, closed connections would keep the servers for two minutes more.
    start("--ipvs-drain-timeout=1s");
    List<ServiceKey.Address> keys =
        List.of(
            ServiceKey.of(Protocol.TCP, MANY, 80),
            ServiceKey.of(Protocol.UDP, MANY, 80),
            ServiceKey.of(Protocol.TCP, MANY, 81));
    keys.forEach(key -> awaitServed(key, a, b));
    for (ServiceKey.Address key : keys) {
      Request request = Request.to(key.protocol(), MANY, key.port()).times(20).fromPorts(30_000);
      assertShared(key.toString(), asker.request(request), 10, a, b);
    }

    Files.delete(manifests().resolve("many.yaml"));
    long began = System.nanoTime();
    keys.forEach(this::awaitGone);
    figure("deleted service is gone after", millisSince(began) + " ms");
    // The sets' entries go last.
    KernelState state = awaitKernel(now -> now.entries("IPVS-IPS").isEmpty());
    assertThat(state.services().keySet()).isEqualTo(withForeign());
    assertThat(state.routed()).isEmpty();
    for (String set : List.of("CLUSTER-IP", "LOOP-BACK", "IPVS-IPS")) {
      assertThat(state.entries(set)).as(set).isEmpty();
    }
  }

  @Test
  void aClientStaysWithItsServer() {
    write(
        "sticky.yaml",
        ServiceManifest.of("sticky", STICKY)
            .port("", Protocol.TCP, 80)
            .with("sessionAffinity: ClientIP")
            .with("sessionAffinityConfig: {clientIP: {timeoutSeconds: 300}}"),
        slice("sticky", AddressFamily.IPV4, a, b, c).port("", Protocol.TCP, POD_PORT));
    start();
    KernelState state = awaitServed(ServiceKey.of(Protocol.TCP, STICKY, 80), a, b, c);
    if (!Mode.isIptables()) {
      assertThat(state.lines(KernelState.IPVS)).contains("-A -t 10.96.5.1:80 -s rr -p 300");
    }
    Map<String, Integer> ofPod = asker.request(Request.tcp(STICKY, 80).times(30)).byServer();
    Map<String, Integer> ofClient = client.request(Request.tcp(STICKY, 80).times(30)).byServer();
    assertThat(ofPod.values()).containsExactly(30);
    assertThat(ofClient.values()).containsExactly(30);
    if (!Mode.isIptables()) { // where chance decides, both may have the same
      assertThat(ofPod.keySet()).isNotEqualTo(ofClient.keySet());
    }
    figure("30 of a pod, 30 of a client", ofPod + " " + ofClient);
  }
}
