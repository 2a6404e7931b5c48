package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.source.Field;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The image, run by an OCI runtime with what DaemonSets say of it, and the ConfigMap that kubeadm
 * makes for kube-proxy. After {@code make image}, which the gate does not wait for.
 */
@Tag("long")
final class ImageE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.9.1");
  private static final IpAddress VIP_V6 = IpAddress.of("fd00:96::9:1");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final ServiceKey.Address WEB_V6 = ServiceKey.of(Protocol.TCP, VIP_V6, 80);

  /** {@code linux/capability.h}: NET_ADMIN is 12, NET_RAW 13. */
  private static final long NET_ADMIN_AND_RAW = 1 << 12 | 1 << 13;

  private static final Path PROJECT = Path.of(System.getProperty("kubeipvs.project", ".."));
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");
  private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s*([0-9a-f]+)");

  private OciImage image = new OciImage(Path.of("/nowhere"), List.of(), List.of(), 0);

  @BeforeAll
  void unpack() throws IOException {
    Path archive = PROJECT.resolve("deploy/target/kube-ipvs-image.tar");
    assertThat(archive).as("make image").exists();
    image = OciImage.unpack(archive, Files.createTempDirectory("image"));
    figure("archive", Files.size(archive) / 1_000_000 + " MB in " + image.layers() + " layers");
  }

  @Test
  void whatTheManifestsSayIsEnoughToServe() throws IOException {
    PodTemplate pod = PodTemplate.of(PROJECT.resolve("deploy/manifests/daemonset.yaml"));
    serveWeb();
    Output init =
        Output.run(
            node1.namespace().command(bundle(pod, "init").command(directory(), "init")),
            "",
            PATIENCE);
    assertThat(init.exitCode()).as(init.stdout() + init.stderr()).isZero();

    Daemon daemon = runs(pod, "kube-ipvs");
    String status = statusOfJava();
    assertThat(Long.parseLong(found(CAPABILITIES, status), 16)).isEqualTo(NET_ADMIN_AND_RAW);
    assertNothingIsWrong(daemon);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(answered(pod.container("kube-ipvs").get(probe).get("httpGet"))).isEqualTo("200");
    }
    figure("resident", Integer.parseInt(found(RESIDENT, status)) / 1024 + " MiB");
    assertThat(daemon.terminate()).as("exit code after SIGTERM").isZero();
  }

  /** {@code kubectl set image}, and nothing else: the DaemonSet is the one of kubeadm. */
  @Test
  void inTheDaemonSetOfKubeProxyTheImageAloneIsEnough() throws IOException {
    Path manifests = directory().resolve("kube-proxy.yaml");
    Files.writeString(manifests, kubeadm());
    serveWeb();
    Daemon daemon = runs(PodTemplate.of(manifests), "kube-proxy");
    assertNothingIsWrong(daemon);
  }

  /** But that a node of ours is a network namespace, where the table's size is not to be set. */
  private static void assertNothingIsWrong(Daemon daemon) {
    assertThat(daemon.log().lines().filter(line -> line.matches("\\S+ (WARN|ERROR) .*")))
        .allMatch(line -> line.contains("cannot set net.netfilter.nf_conntrack_max"));
  }

  private void serveWeb() {
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP, VIP_V6).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, a, c).port("", Protocol.TCP, POD_PORT),
        slice("web", AddressFamily.IPV6, a, c).port("", Protocol.TCP, POD_PORT));
  }

  /** Starts that container and waits until its Service is served. */
  private Daemon runs(PodTemplate pod, String container) {
    OciBundle bundle = bundle(pod, container);
    long began = System.nanoTime();
    Daemon daemon =
        started(Daemon.start(node1.namespace().command(bundle.command(directory(), container))));
    daemon.awaitLog(PATIENCE, log -> log.contains("synced "));
    figure(container + ": start until the first sync is done", millisSince(began) + " ms");
    for (ServiceKey.Address web : List.of(WEB, WEB_V6)) {
      awaitServed(web, a, c);
      for (Host host : List.of(asker, node1, client)) {
        Request request = Request.tcp(web.address(), 80).times(10);
        assertThat(host.request(request).byServer())
            .as(host.name())
            .isEqualTo(Map.of("a", 5, "c", 5));
      }
    }
    return daemon;
  }

  private OciBundle bundle(PodTemplate pod, String container) {
    Path account = directory();
    replace(account.resolve("ca.crt"), "not asked for: the stand-in has no TLS\n");
    replace(account.resolve("token"), "token\n");
    return new OciBundle(image, pod, container, configMap(), account, node1.name());
  }

  /** The data of kubeadm's ConfigMap; of a cluster is only the API server's address. */
  private Path configMap() {
    Path files = directory();
    Field data = Document.ofKind("ConfigMap", Document.all(kubeadm())).get("data");
    for (String name : data.names()) {
      String text = Document.text(data.get(name));
      replace(files.resolve(name), text.replaceFirst("https://control-plane.*", api().address()));
    }
    return files;
  }

  private static String kubeadm() {
    try (InputStream in = ImageE2E.class.getResourceAsStream("/kubeadm/kube-proxy.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String answered(Field probe) {
    String path = Document.text(probe.get("path"));
    int port = probe.get("port").integer(1, 65_535).orElseThrow();
    return node1
        .run(
            "curl",
            "-sS",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "http://" + node1.addresses().v4() + ":" + port + path)
        .orFail()
        .stdout();
  }

  /** What the kernel says of the one process whose program is in the image. */
  private static String statusOfJava() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isJavaOfTheImage(process.resolve("exe"))) {
          found.add(process.resolve("status"));
        }
      }
    }
    assertThat(found).hasSize(1);
    return Files.readString(found.get(0));
  }

  private static boolean isJavaOfTheImage(Path program) {
    try {
      return Files.readSymbolicLink(program).endsWith("kube-ipvs/runtime/bin/java");
    } catch (IOException e) {
      return false; // it has ended meanwhile, or is the kernel's
    }
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }
}
