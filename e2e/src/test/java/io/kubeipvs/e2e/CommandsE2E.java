package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * {@code list}, {@code plan} and {@code dump} beside a daemon, and what they print in real tools.
 */
@IpvsOnly("RuleCommandsE2E shows it in iptables mode")
final class CommandsE2E extends CommandScenario {
  @Test
  void planIsWhatToolsDoAndListShowsWhatIs() {
    serveBy(a, b, c);
    Daemon first = start();
    awaitServed(WEB, a, b, c);
    assertThat(first.terminate()).isZero();
    planRepairsAndUndoTakesItBack();
    start("--ipvs-drain-timeout=1h");
    Await.until(
        PATIENCE,
        () -> Daemon.run(node1, "list").stdout().contains("default/web"),
        () -> "the daemon does not tell what it knows");
    listShowsPods();
    Path archive = directory().resolve("dump.tar.gz");
    ours("dump " + archive, 0);
    drainIsShownWithItsTime();
    theArchiveStillShowsTheTimeBefore(archive);
    withoutPrivilegesItSaysWhatIsMissing();
  }

  /** No daemon runs, which would repair before we can look: somebody else does its work. */
  private void planRepairsAndUndoTakesItBack() {
    KernelState whole = KernelState.of(node1);
    node1
        .run(
            "sh",
            "-ec",
            """
            ipvsadm -d -t 10.96.21.10:80 -r %s
            ipvsadm -E -t 10.96.21.10:80 -s wrr
            ipset del KUBE-CLUSTER-IP 10.96.21.10,tcp:80
            iptables -t nat -D KUBE-SERVICES 1
            iptables -t filter -F KUBE-NODE-PORT
            ip route del local 10.96.21.10 dev lo table local
            """
                .formatted(a.v4().withPort(POD_PORT)))
        .orFail();
    KernelState broken = KernelState.of(node1);
    String flags = " " + flagsOfCommands();
    String plan = ours("plan" + flags, 2);
    System.out.println(plan);
    assertThat(plan)
        .contains("pod web-a on " + node1.name() + " of Service default/web: ready")
        .contains("scheduler wrr -> rr")
        .contains("ipset add KUBE-CLUSTER-IP 10.96.21.10,tcp:80")
        .contains("ip route replace local 10.96.21.10 dev lo");
    String undo = ours("plan --undo" + flags, 2);

    sh(plan);
    assertThat(KernelState.of(node1)).as("after the plan").isEqualTo(whole);
    assertThat(ours("plan" + flags, 0)).isEmpty();
    sh(undo);
    assertThat(KernelState.of(node1)).as("after its undo").isEqualTo(broken);
    assertThat(ours("list --unhealthy" + flags, 2))
        .contains("differs in the kernel: wrr", "missing");
    sh(plan);
    assertThat(KernelState.of(node1)).as("after the plan, again").isEqualTo(whole);
  }

  private void listShowsPods() {
    asker.request(Request.tcp(VIP, 80).times(3));
    String wide = ours("list web --address 10.96.21.10:80 -o wide --rates", 0);
    System.out.println(wide);
    assertThat(wide).contains("default/web", "web-a", "web-b", "web-c", node2.name());
    String narrow = shell("COLUMNS=40 " + Daemon.launcher() + " list", 0);
    assertThat(narrow.lines()).allMatch(line -> line.length() <= 40);
    assertThat(narrow).contains("pod web-a on");
    // The reader has gone: the command ends, and says nothing.
    assertThat(shell(Daemon.launcher() + " list --watch=100ms 2>&1 | head -1", 0).lines())
        .hasSize(1);
  }

  private void drainIsShownWithItsTime() {
    Request trickling = Request.tcp(VIP, 80).times(0).pausing(Duration.ofMillis(20));
    Request transfer = trickling.overOneConnection().endingByReset().within(PATIENCE);
    try (Load load = asker.start(transfer)) {
      Await.until(PATIENCE, () -> !load.soFar().answers().isEmpty(), () -> "no answer");
      serveBy();
      awaitKernel(state -> state.servers(WEB).values().stream().allMatch(weight -> weight == 0));
      String list = ours("list --unhealthy", 2);
      System.out.println(list);
      assertThat(list).containsPattern("draining, gone, 3[0-9]{3} s left");
      load.stop();
    }
  }

  private void theArchiveStillShowsTheTimeBefore(Path archive) {
    assertThat(ours("plan --from " + archive, 0)).isEmpty();
    String content = shell("tar xzOf " + archive, 0);
    assertThat(content)
        .contains("-A -t 10.96.21.10:80 -s rr", "add KUBE-CLUSTER-IP 10.96.21.10", "web-b");
    figure("archive", size(archive) + " bytes");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void withoutPrivilegesItSaysWhatIsMissing() {
    String nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups " + Daemon.launcher();
    assertThat(shell(nobody + " list", 0))
        .contains("default/web", "the kernel is not known: the capability NET_ADMIN is missing");
  }

  /** What it prints; it must end so. */
  private String ours(String words, int exitCode) {
    return shell(Daemon.launcher() + " " + words, exitCode);
  }
}
