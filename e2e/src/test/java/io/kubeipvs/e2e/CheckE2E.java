package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code kube-ipvs check} on a node that is well, that is broken, and that was mended. */
@IpvsOnly("breaks and mends what IPVS mode needs")
final class CheckE2E extends Scenario {
  private static final IpAddress VIP = IpAddress.of("10.96.9.10");
  private static final ServiceKey.Address WEB = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final int FULL = 59_000;

  private final List<Process> processes = new ArrayList<>();

  @Test
  void whatIsBrokenIsFoundAndTheSafeFindingsAreFixed() throws IOException {
    write(
        "web.yaml",
        ServiceManifest.of("web", VIP).port("", Protocol.TCP, 80),
        slice("web", AddressFamily.IPV4, a, b, c).port("", Protocol.TCP, POD_PORT));
    Daemon daemon = start();
    awaitServed(WEB, a, b, c);
    long began = System.nanoTime();
    Output well = check("--output=wide");
    figure("a check", millisSince(began) + " ms");
    assertThat(well.exitCode()).as(well.stdout() + well.stderr()).isZero();
    assertThat(well.stdout())
        .contains("ok      drift: the kernel holds what the cluster asks for")
        .contains("1 virtual services are not the proxy's")
        .contains("-t 203.0.113.7:80 -s rr");

    // It would mend what is broken before anybody could look.
    assertThat(daemon.terminate()).isZero();
    try {
      breakIt();
      theFindingsName(check("--ipvs-scheduler=ovf").stdout());
      theSafeOnesAreFixed();
    } finally {
      mend();
    }
  }

  private Output check(String... flags) {
    List<String> all = new ArrayList<>(List.of("check"));
    all.addAll(List.of(flagsOfCommands().split(" ")));
    all.addAll(List.of(flags));
    return Daemon.run(node1, all.toArray(String[]::new));
  }

  private void breakIt() throws IOException {
    node1
        .run(
            "sh",
            "-ec",
            """
            sysctl -qw net.ipv4.ip_forward=0 net.ipv4.vs.conntrack=0 net.ipv4.vs.drop_packet=3
            ipvsadm -d -t 10.96.9.10:80 -r %s
            iptables -t nat -N KUBE-SVC-LEFTOVER
            ip address add 10.96.9.77/32 dev kube-ipvs0
            modprobe -r ip_vs_ovf
            cp /bin/sleep /run/kube-proxy
            seq %d | sed 's/.*/add KUBE-EXTERNAL-IP 10.200.0.1,tcp:&/' | ipset restore
            """
                .formatted(a.v4().withPort(POD_PORT), FULL))
        .orFail();
    background("/run/kube-proxy", "600");
    background("flock", "/run/xtables.lock", "sleep", "600");
  }

  private void background(String... command) throws IOException {
    List<String> words = node1.namespace().command(List.of(command));
    processes.add(new ProcessBuilder(words).start());
  }

  private static void theFindingsName(String found) {
    assertThat(found)
        .contains("error   sysctl: packets are not forwarded")
        .contains("net.ipv4.vs.conntrack = 0")
        .contains("warning ipvs-drops")
        .contains("net.ipv4.vs.drop_packet = 3")
        .contains("warning drift")
        .contains("-a -t 10.96.9.10:80 -r ")
        .contains("warning leftover-rules")
        .contains("1 chains, KUBE-SVC-LEFTOVER")
        .contains("warning vip-binding")
        .contains("warning vips: VIPs are local here and have no virtual service")
        .contains("10.96.9.77")
        .contains("warning other-proxy: another service proxy runs here")
        .contains("(/run/kube-proxy 600)")
        .contains("warning xtables-lock")
        .contains("flock /run/xtables.lock sleep 600")
        .contains("KUBE-EXTERNAL-IP: " + FULL + " of 65536 entries")
        .contains("ip_vs_ovf could be loaded");
  }

  private void theSafeOnesAreFixed() {
    Output fixed = check("--ipvs-scheduler=ovf", "--fix");
    assertThat(fixed.exitCode()).as("another proxy is there still").isEqualTo(2);
    assertThat(fixed.stdout())
        .contains("done    set net.ipv4.ip_forward = 1 (was 0)")
        .contains("done    set net.ipv4.vs.conntrack = 1 (was 0)")
        .contains("done    loaded the modules ip_vs_ovf")
        .doesNotContain("failed  ", "packets are not forwarded", "ip_vs_ovf could be loaded")
        .contains("warning ipvs-drops"); // somebody may have meant it
    assertThat(node1.run("cat", "/proc/sys/net/ipv4/ip_forward").stdout()).isEqualTo("1\n");
    assertThat(node1.run("test", "-d", "/sys/module/ip_vs_ovf").exitCode()).isZero();
  }

  private void mend() {
    processes.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    processes.forEach(process -> Await.until(PATIENCE, () -> ended(process), () -> "it runs on"));
    node1
        .run(
            "sh",
            "-ec",
            """
            sysctl -qw net.ipv4.ip_forward=1 net.ipv4.vs.conntrack=1 net.ipv4.vs.drop_packet=0
            ipvsadm -a -t 10.96.9.10:80 -r %s -m -w 1
            iptables -t nat -X KUBE-SVC-LEFTOVER
            ip address del 10.96.9.77/32 dev kube-ipvs0
            ipset flush KUBE-EXTERNAL-IP
            """
                .formatted(a.v4().withPort(POD_PORT)))
        .orFail();
  }

  private static boolean ended(Process process) {
    process.destroyForcibly();
    return !process.isAlive();
  }

  @Test
  void whoMayNotLookIsToldSo() {
    List<String> wrapper = List.of("setpriv", "--inh-caps=-all", "--bounding-set=-net_admin");
    Output refused = Daemon.runUnder(wrapper, node1, "check", "-o", "json");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.stdout())
        .startsWith("{\n  \"worst\": \"error\"")
        .contains("\"reason\": \"the capability NET_ADMIN is missing")
        .contains("could not be looked at");
  }
}
