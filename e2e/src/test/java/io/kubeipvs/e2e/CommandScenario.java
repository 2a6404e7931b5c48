package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.nio.file.Path;

/** The operators' commands beside a daemon with one Service, in either mode. */
abstract class CommandScenario extends Scenario {
  static final IpAddress VIP = IpAddress.of("10.96.21.10");
  static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);

  /** The pods are called {@code web-a} and so on. */
  void serveBy(Pod... pods) {
    SliceManifest slice = SliceManifest.of("web", AddressFamily.IPV4);
    for (Pod pod : pods) {
      String target = ", targetRef: {kind: Pod, name: web-" + pod.name() + "}";
      slice = slice.backend(pod.v4(), nodeOf(pod), SliceManifest.READY + target);
    }
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice.port("", Protocol.TCP, POD_PORT));
  }

  /** Runs what a command printed, as an operator would. */
  void sh(String script) {
    Path file = directory().resolve("script");
    replace(file, script);
    node1.run("sh", "-e", file.toString()).orFail();
  }

  /** What the command prints that must end so. */
  String shell(String command, int exitCode) {
    long began = System.nanoTime();
    Output output = node1.run("sh", "-c", command);
    assertThat(output.exitCode()).as(output.toString()).isEqualTo(exitCode);
    figure(command.replaceFirst(".*/bin/", ""), millisSince(began) + " ms");
    return output.stdout();
  }
}
