package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As {@link CommandsE2E}, in iptables mode: what commands say of rules, and packets. */
final class RuleCommandsE2E extends CommandScenario {
  private static final int REQUESTS = 60;
  private static final Pattern SERVER =
      Pattern.compile("  -> web-(\\w) .* 33\\.3 % +(\\d+) +(\\d+) +KUBE-SEP-[A-Z2-7]{16}");
  private static final Pattern ENTRANCE =
      Pattern.compile("default/web +cluster IP .* (\\d+) +(\\d+) +KUBE-SVC-[A-Z2-7]{16}");

  @BeforeEach
  void onlyInIptablesMode() {
    Assumptions.assumeTrue(Mode.isIptables(), "CommandsE2E shows it in IPVS mode");
  }

  @Test
  void planIsWhatToolsDoAndListCountsWhatIsSent() {
    serveBy(a, b, c);
    Daemon first = start();
    awaitServed(WEB, a, b, c);
    assertThat(first.terminate()).isZero();
    planRepairsAndUndoTakesItBack();
    start();
    Await.until(
        PATIENCE,
        () -> Daemon.run(node1, "list").stdout().contains("default/web"),
        () -> "the daemon does not tell what it knows");
    Map<String, Integer> served = listCountsWhatIsSent();
    Path archive = directory().resolve("dump.tar.gz");
    ours("dump " + archive, 0);
    assertThat(counted(ours("list web -o wide --from " + archive, 0))).isEqualTo(served);
    assertThat(ours("explain " + asker.v4() + " 10.96.21.10:80 -o wide", 0))
        .containsPattern(
            "KUBE-SEP-[A-Z2-7]{16} \\(default/web, endpoint .*, pod web-a on node1\\)");
    aServerThatIsGoneIsNotListed();
  }

  /** No daemon runs, which would repair before we can look: somebody else does its work. */
  private void planRepairsAndUndoTakesItBack() {
    KernelState whole = KernelState.of(node1);
    node1
        .run(
            "sh",
            "-ec",
            """
            service=$(iptables -t nat -S | grep -o 'N KUBE-SVC-.*' | cut -c3-)
            server=$(iptables -t nat -S | grep 'A KUBE-SEP-.*%s' | cut -d' ' -f2)
            iptables -t nat -D $service -m comment --comment 'default/web -> %s' -m statistic \\
              --mode random --probability 0.33333333349 -j $server
            iptables -t nat -F $server
            iptables -t nat -X $server
            iptables -t nat -D KUBE-SERVICES 1
            iptables -t filter -F KUBE-FORWARD
            """
                .formatted(a.v4().withPort(POD_PORT), a.v4().withPort(POD_PORT)))
        .orFail();
    KernelState broken = KernelState.of(node1);
    String flags = " " + flagsOfCommands();
    String plan = ours("plan" + flags, 2);
    System.out.println(plan);
    assertThat(plan)
        .contains("# pod web-a on node1 of Service default/web: ready\n:KUBE-SEP-")
        .contains("# Service default/web: + " + a.v4().withPort(POD_PORT) + ", pod web-a")
        .contains("# Service default/web: cluster IP\n")
        .contains("# kube-ipvs needs it whatever Services there are\n:KUBE-FORWARD ");
    String undo = ours("plan --undo" + flags, 2);
    assertThat(ours("list --unhealthy" + flags, 2)).contains("missing in the kernel");

    sh(plan);
    assertThat(sorted(KernelState.of(node1))).as("after the plan").isEqualTo(sorted(whole));
    assertThat(ours("plan" + flags, 0)).isEmpty();
    sh(undo);
    assertThat(sorted(KernelState.of(node1))).as("after its undo").isEqualTo(sorted(broken));
    sh(plan);
    assertThat(ours("list --unhealthy" + flags, 0)).isEmpty();
  }

  /** Rules in the order that counts; which chain is shown first does not. */
  private static Map<String, String> sorted(KernelState state) {
    Map<String, String> chains = new TreeMap<>();
    for (String command : new String[] {KernelState.RULES_V4, KernelState.RULES_V6}) {
      for (String line : state.lines(command)) {
        String[] words = line.split(" ", 4);
        String chain = words[1].startsWith(":") ? words[1].substring(1) : words[2];
        chains.merge(command + " " + words[0] + " " + chain, line, (a, b) -> a + "\n" + b);
      }
    }
    return chains;
  }

  /** By server, as the clients were told who answered. */
  private Map<String, Integer> listCountsWhatIsSent() {
    assertThat(counted(ours("list web -o wide", 0)).values()).containsOnly(0);
    Answers answers = asker.request(Request.tcp(VIP, 80).times(REQUESTS));
    assertThat(answers.failures()).isEmpty();
    String wide = ours("list web -o wide", 0);
    System.out.println(wide);
    assertThat(counted(wide)).containsAllEntriesOf(answers.byServer()).hasSize(3);
    Matcher entrance = ENTRANCE.matcher(wide);
    assertThat(entrance.find()).as(wide).isTrue();
    assertThat(entrance.group(1)).isEqualTo(Integer.toString(REQUESTS));
    assertThat(ours("list web -o json", 0)).contains("\"share\" : 0.333", "\"packets\" : 60");
    return counted(wide);
  }

  /** First packets by server. */
  private static Map<String, Integer> counted(String wide) {
    Map<String, Integer> counted = new TreeMap<>();
    for (String line : wide.lines().toList()) {
      Matcher server = SERVER.matcher(line);
      if (server.find()) {
        counted.put(server.group(1), Integer.valueOf(server.group(2)));
      }
    }
    return counted;
  }

  private void aServerThatIsGoneIsNotListed() {
    serveBy(a, b);
    awaitServed(WEB, a, b);
    assertThat(ours("list web", 0)).contains("web-a", "50.0 %").doesNotContain("web-c");
    assertThat(ours("list --unhealthy", 0)).isEmpty();
  }

  /** What it prints; it must end so. */
  private String ours(String words, int exitCode) {
    return shell("COLUMNS=400 " + Daemon.launcher() + " " + words, exitCode);
  }
}
