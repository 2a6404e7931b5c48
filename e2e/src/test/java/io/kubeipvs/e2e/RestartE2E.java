package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Killed in the middle of traffic and started again: nobody notices, and nothing is written. */
@IpvsOnly("reads the requests to IPVS that a restart makes; IptablesLoopE2E has its like")
final class RestartE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.4.10");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final ServiceKey.Address DNS = ServiceKey.of(Protocol.UDP, VIP, 53);

  @Test
  void noRequestIsLostAndNothingIsWritten() throws IOException {
    Path trace = directory().resolve("trace");
    Path restores = directory().resolve("restores");
    List<String> counting = List.of("env", "PATH=" + countingRestores(restores) + ":" + path());
    String[] flags = {"--ipvs-sync-period=2s", "--netlink-trace=" + trace};
    writeServices();
    Daemon first = startUnder(counting, flags);
    awaitServed(WEB, a, b, c);
    awaitLooks(trace, 2);
    assertThat(NetlinkWrites.of(trace).writes()).as("at the first start").isNotEmpty();
    List<String> runs = Files.readAllLines(restores);
    assertThat(runs).as("runs of the restore tools").isNotEmpty();

    Request thousand = Request.tcp(VIP, 80).times(1000).within(Duration.ofSeconds(10));
    KernelState before = KernelState.of(node1);
    try (Load load = asker.start(thousand.pausing(Duration.ofMillis(10)))) {
      Await.until(PATIENCE, () -> load.soFar().answers().size() > 100, () -> "no answers");
      first.kill();
      assertThat(KernelState.of(node1)).as("after SIGKILL").isEqualTo(before);
      int killedAt = load.soFar().answers().size();
      Files.delete(trace);
      long began = System.nanoTime();
      startUnder(counting, flags);
      awaitLooks(trace, 2);
      figure("2 looks after the restart", millisSince(began) + " ms");
      figure("requests when killed, when back", killedAt + ", " + load.soFar().answers().size());
      Answers answers = load.done();
      assertThat(answers.failures()).isEmpty();
      assertThat(answers.answers()).hasSize(1000);
    }
    assertThat(NetlinkWrites.of(trace).writes()).as("after the restart").isEmpty();
    assertThat(Files.readAllLines(restores)).as("runs of the restore tools").isEqualTo(runs);
    figure("writes, runs of restore after the restart", "0, 0");

    // It is at work, and the trace would show a write.
    write("dns.yaml", slice("dns", AddressFamily.IPV4, a).port("", Protocol.UDP, POD_PORT));
    awaitServed(DNS, a);
    assertThat(NetlinkWrites.of(trace).writes()).isNotEmpty();
  }

  private void writeServices() {
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, a, b, c).port("", Protocol.TCP, POD_PORT),
        ServiceManifest.of("dns", VIP).port("", Protocol.UDP, 53));
  }

  /** A directory of restore tools that note down each run and go on to the real ones. */
  private Path countingRestores(Path log) throws IOException {
    Path directory = directory();
    for (String real :
        node1.run("sh", "-c", "ls /usr/sbin/*tables*-restore").stdout().lines().toList()) {
      Path tool = directory.resolve(Path.of(real).getFileName());
      Files.writeString(tool, "#!/bin/sh\necho \"$0\" >>" + log + "\nexec " + real + " \"$@\"\n");
      assertThat(tool.toFile().setExecutable(true)).isTrue();
    }
    return directory;
  }

  private String path() {
    return node1.run("printenv", "PATH").orFail().stdout().strip();
  }
}
