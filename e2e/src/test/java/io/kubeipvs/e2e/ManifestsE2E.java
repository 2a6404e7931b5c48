package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The directory of manifests: every way a file can change, and everything wrong one can hold. */
final class ManifestsE2E extends Scenario {

  private static ServiceKey.Address web(int number, int port) {
    return ServiceKey.of(Protocol.TCP, vip(number), port);
  }

  private static IpAddress vip(int number) {
    return IpAddress.of("10.96.8." + number);
  }

  private static ServiceManifest service(String name, int number, int port) {
    return ServiceManifest.of(name, vip(number)).port("", Protocol.TCP, port);
  }

  private SliceManifest served(String name, Pod... pods) {
    return slice(name, AddressFamily.IPV4, pods).port("", Protocol.TCP, POD_PORT);
  }

  @Test
  void everyChangeOfTheDirectoryArrives() throws IOException {
    start();
    write("one.yaml", service("one", 1, 80), served("one", a, b));
    awaitServed(web(1, 80), a, b);

    long began = System.nanoTime();
    Files.writeString(
        manifests().resolve("one.yaml"), service("one", 1, 81) + "---\n" + served("one", a));
    awaitServed(web(1, 81), a);
    awaitKernel(state -> !state.services().containsKey(web(1, 80)));
    figure("changed in place", millisSince(began) + " ms");

    began = System.nanoTime();
    write("one.yaml", service("one", 1, 82), served("one", b));
    awaitServed(web(1, 82), b);
    figure("replaced", millisSince(began) + " ms");

    began = System.nanoTime();
    replace(manifests().resolve("two.json"), json());
    awaitServed(web(2, 80), a, c);
    figure("a List as JSON", millisSince(began) + " ms");

    Files.delete(manifests().resolve("two.json"));
    began = System.nanoTime();
    KernelState state = awaitGone(web(2, 80));
    figure("deleted", millisSince(began) + " ms");
    assertThat(state.services().keySet()).isEqualTo(withForeign(web(1, 82)));
  }

  private String json() {
    return """
    {"apiVersion": "v1", "kind": "List", "items": [
      {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "two"},
       "spec": {"clusterIP": "10.96.8.2", "ports": [{"port": 80, "protocol": "TCP"}]}},
      {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
       "metadata": {"name": "two-1", "labels": {"kubernetes.io/service-name": "two"}},
       "addressType": "IPv4", "ports": [{"port": 8080, "protocol": "TCP"}],
       "endpoints": [{"addresses": ["%s"]}, {"addresses": ["%s"]}]}]}
    """
        .formatted(a.v4(), c.v4());
  }

  /** What is wrong, and how it is told: file, object, field. */
  private static final List<String> REPORTS =
      List.of(
          "skipped: not-yaml.yaml: not YAML: ",
          "skipped: unknown.yaml: objects of kind v1 ConfigMap are not read",
          "skipped: zero.yaml: Service default/zero: spec.ports[0].port: 0 ",
          "skipped: high.yaml: Service default/high: spec.ports[0].port: 70000 ",
          "skipped: named.yaml: EndpointSlice default/named-ipv4: endpoints[0].addresses[0]: ",
          "skipped: family.yaml: Service default/family: spec.clusterIPs[0]: ",
          "skipped: unlabeled.yaml: EndpointSlice default/unlabeled: metadata.labels",
          "conflict: Service default/younger: TCP 10.96.8.20:80 belongs to the older Service"
              + " default/older");

  /** An API server has no files, and lets nobody write what is not YAML. */
  private static List<String> reports() {
    return ApiProcess.isAskedFor()
        ? REPORTS.stream()
            .filter(report -> report.contains("default/"))
            .map(report -> report.replaceFirst("[a-z]+\\.yaml: ", ""))
            .toList()
        : REPORTS;
  }

  @Test
  void whatIsWrongIsReportedOnceAndAllElseIsServed() throws IOException {
    List<String> reports = reports();
    writeWhatIsWrong();
    write("good.yaml", service("good", 1, 80), served("good", a, b, c));
    Daemon daemon = start("--ipvs-sync-period=1s");
    awaitServed(web(1, 80), a, b, c);
    KernelState state = awaitServed(web(20, 80), a);
    // Good ports of an object with a bad one count.
    awaitServed(web(12, 81));
    assertThat(state.services().keySet())
        .isEqualTo(withForeign(web(1, 80), web(20, 80), web(12, 81), web(14, 80)));
    daemon.awaitLog(PATIENCE, log -> reports.stream().allMatch(log::contains));

    long began = System.nanoTime();
    Output once = runOnce();
    assertThat(once.exitCode()).as(once.stderr()).isEqualTo(1);
    figure("--once, with errors: exit code 1 after", millisSince(began) + " ms");

    // The younger one gets the address when the older one is gone.
    write("older.yaml", "");
    awaitServed(web(20, 80), b);
    for (String name :
        List.of("not-yaml", "unknown", "zero", "high", "named", "family", "unlabeled")) {
      Files.delete(manifests().resolve(name + ".yaml"));
    }
    awaitGone(web(14, 80));
    daemon.awaitLog(PATIENCE, log -> log.contains("over: " + reports.get(reports.size() - 2)));
    for (String report : reports) {
      assertThat(daemon.log().split("WARN .*" + Pattern.quote(report), -1)).as(report).hasSize(2);
    }
    began = System.nanoTime();
    Output good = runOnce();
    assertThat(good.exitCode()).as(good.stderr()).isZero();
    figure("--once, without: exit code 0 after", millisSince(began) + " ms");
  }

  private void writeWhatIsWrong() {
    write("not-yaml.yaml", "kind: [Service\n");
    write("unknown.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: unknown}\n");
    write("zero.yaml", service("zero", 11, 0));
    write("high.yaml", service("high", 12, 70_000).port("good", Protocol.TCP, 81));
    write(
        "named.yaml",
        service("named", 14, 80),
        served("named", a).toString().replace(a.v4().toString(), "web.example.com"));
    write(
        "family.yaml",
        ServiceManifest.of("family", IpAddress.of("fd00:96::8:15"))
            .port("", Protocol.TCP, 80)
            .with("ipFamilies: [IPv4]"));
    write(
        "unlabeled.yaml",
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: unlabeled}
        addressType: IPv4
        endpoints: []
        """);
    write(
        "older.yaml", service("older", 20, 80).created("2026-01-01T00:00:00Z"), served("older", a));
    write(
        "younger.yaml",
        service("younger", 20, 80).created("2026-01-02T00:00:00Z"),
        served("younger", b));
  }
}
