package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is set in the kernel once, as the daemon starts. */
@IpvsOnly("about sysctls, timeouts and schedulers of IPVS")
final class SettingsE2E extends ExposedScenario {

  @Test
  void theKernelIsSetUpAsAskedAndServes() {
    serve(web("NodePort"), a, b);
    Daemon daemon =
        start(
            "--ipvs-strict-arp",
            "--ipvs-tcp-timeout=800s",
            "--ipvs-tcpfin-timeout=100s",
            "--ipvs-udp-timeout=200s",
            "--conntrack-tcp-timeout-established=10h",
            "--conntrack-tcp-timeout-close-wait=30m",
            "--conntrack-udp-timeout=40s",
            "--conntrack-udp-timeout-stream=100s",
            "--conntrack-tcp-be-liberal");
    awaitVips(List.of(VIP, VIP_V6), a, b);
    Map<String, String> wanted = new TreeMap<>();
    wanted.put("net.ipv4.vs.conntrack", "1");
    wanted.put("net.ipv4.vs.expire_nodest_conn", "1");
    wanted.put("net.ipv4.vs.expire_quiescent_template", "1");
    wanted.put("net.ipv4.ip_forward", "1");
    wanted.put("net.ipv4.conf.all.arp_ignore", "1");
    wanted.put("net.ipv4.conf.all.arp_announce", "2");
    wanted.put("net.netfilter.nf_conntrack_tcp_timeout_established", "36000");
    wanted.put("net.netfilter.nf_conntrack_tcp_timeout_close_wait", "1800");
    wanted.put("net.netfilter.nf_conntrack_udp_timeout", "40");
    wanted.put("net.netfilter.nf_conntrack_udp_timeout_stream", "100");
    wanted.put("net.netfilter.nf_conntrack_tcp_be_liberal", "1");
    wanted.forEach(
        (key, value) ->
            assertThat(node1.run("sysctl", "-n", key).orFail().stdout().strip())
                .as(key)
                .isEqualTo(value));
    assertThat(node1.run("ipvsadm", "-L", "--timeout").orFail().stdout()).contains("800 100 200");
    assertThat(daemon.log()).contains("handles reused client ports without delay");
    assertAnswered(asker, Protocol.TCP, VIP, PORT, asker.v4(), a, b);
  }

  @Test
  void aSchedulerTheKernelLacksIsSaidAtTheStartAndNothingIsTouched() {
    serve(web("NodePort"), a);
    Output output = runOnce("--ipvs-scheduler=nonesuch");
    assertThat(output.exitCode()).isEqualTo(1);
    assertThat(output.stdout() + output.stderr())
        .contains("this kernel does not offer 'nonesuch': load the module ip_vs_nonesuch");
    assertThat(KernelState.of(node1)).isEqualTo(before());
  }
}
