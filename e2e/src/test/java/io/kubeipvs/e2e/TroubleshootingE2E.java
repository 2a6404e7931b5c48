package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Writes what {@code docs/troubleshooting.md} shows: e2e/docs/run puts it there. One node, the
 * troubles users have, and the commands that find them.
 */
@Tag("long")
final class TroubleshootingE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.0.20");
  private static final IpAddress EMPTY = IpAddress.of("10.96.0.30");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);

  @Test
  void theOutputOfTheManual() throws IOException {
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, a, b, c).port("", Protocol.TCP, POD_PORT),
        ServiceManifest.of("empty", EMPTY).port("", Protocol.TCP, 80));
    start("--ipvs-sync-period=1h");
    awaitServed(WEB, a, b, c);
    asker.request(Request.tcp(VIP, 80).times(10));

    String from = asker.v4().toString();
    assertThat(record("check", "check")).contains("findings:");
    assertThat(record("list", "list")).contains("default/web");
    Output narrow = node1.run("sh", "-c", "COLUMNS=40 " + Daemon.launcher() + " list");
    keep("list-narrow", "$ COLUMNS=40 kube-ipvs list\n" + narrow.stdout());
    assertThat(record("explain", "explain", from, "10.96.0.20:80")).isNotEmpty();
    assertThat(record("explain-refused", "explain", from, "10.96.0.30:80")).isNotEmpty();
    assertThat(record("stats", "ipvsadm", "-L", "-n", "--stats", "-t", "10.96.0.20:80"))
        .contains("10.96.0.20:80");
    assertThat(record("connections", "ipvsadm", "-L", "-n", "-c")).contains("10.96.0.20:80");
    assertThat(record("plan-flag", "plan", "--ipvs-scheduler=wrr")).contains("-s wrr");
    node1
        .run(
            "sh",
            "-ec",
            "ipvsadm -d -t 10.96.0.20:80 -r %s; sysctl -qw net.ipv4.vs.conntrack=0"
                .concat(" net.ipv4.ip_forward=0")
                .formatted(a.v4().withPort(POD_PORT)))
        .orFail();
    assertThat(record("plan", "plan")).contains("ipvsadm -a -t 10.96.0.20:80");
    assertThat(record("unhealthy", "list", "--unhealthy")).contains("missing");
    assertThat(record("fix", "check", "--fix")).contains("done ");
    String archive = "/tmp/node1.tar.gz"; // of the guest, gone with it
    assertThat(record("dump", "dump", archive)).isNotNull();
    assertThat(record("list-from", "list", "--from", archive)).contains("default/web");
    // Before anything drains: a weight of a service that does is no drift. A new chain makes the
    // daemon look at the whole kernel, within seconds.
    node1
        .run(
            "sh",
            "-ec",
            "ipvsadm -e -t 10.96.0.20:80 -r %s -m -w 9; iptables -t nat -N SOMEBODYS"
                .formatted(b.v4().withPort(POD_PORT)))
        .orFail();
    awaitKernel(state -> state.servers(WEB).getOrDefault(b.v4().withPort(POD_PORT), 0) == 1);
    node1.run("iptables", "-t", "nat", "-X", "SOMEBODYS").orFail();
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, a, b).port("", Protocol.TCP, POD_PORT),
        ServiceManifest.of("empty", EMPTY).port("", Protocol.TCP, 80));
    awaitKernel(state -> state.servers(WEB).getOrDefault(c.v4().withPort(POD_PORT), 0) == 0);
    assertThat(record("history", "history", "--last", "2")).contains("repaired weight");
  }

  private String record(String name, String... words) throws IOException {
    Output output = Daemon.run(node1, words);
    String out = output.stdout() + output.stderr();
    keep(name, "$ kube-ipvs " + String.join(" ", words) + "\n" + out);
    return out;
  }

  private static void keep(String name, String text) throws IOException {
    Path directory =
        Path.of(System.getProperty("kubeipvs.project", "..")).resolve("e2e/target/docs");
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(name + ".txt"), text);
  }
}
