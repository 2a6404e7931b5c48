package io.kubeipvs.proxy.plan.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePortName;
import org.junit.jupiter.api.Test;

/** Names as kube-proxy makes them; whoever reads the rules finds a Service by them. */
class PortChainsTest {
  private static final PortChains CHAINS =
      new PortChains(new ServicePortName(new ServiceName("ns1", "svc1"), "p80", Protocol.TCP));

  @Test
  void theServicesNameIsHashedWithItsPortAndProtocol() {
    assertThat(CHAINS.cluster()).isEqualTo("KUBE-SVC-XPGD46QRK7WJZT7O");
    assertThat(CHAINS.local()).isEqualTo("KUBE-SVL-XPGD46QRK7WJZT7O");
    assertThat(CHAINS.external()).isEqualTo("KUBE-EXT-XPGD46QRK7WJZT7O");
    assertThat(CHAINS.firewall()).isEqualTo("KUBE-FW-XPGD46QRK7WJZT7O");
  }

  @Test
  void theEndpointIsHashedWithAllThat() {
    assertThat(CHAINS.endpoint(new ServerKey(IpAddress.of("10.180.0.1"), 80)))
        .isEqualTo("KUBE-SEP-SXIVWICOYRO3J4NJ");
  }

  @Test
  void theKubernetesServiceHasTheNameEverybodyKnows() {
    ServiceName name = new ServiceName("default", "kubernetes");
    assertThat(new PortChains(new ServicePortName(name, "https", Protocol.TCP)).cluster())
        .isEqualTo("KUBE-SVC-NPX46M4PTMTKRN6Y");
  }

  @Test
  void aPortWithoutANameAddsNoColon() {
    ServiceName name = new ServiceName("ns1", "svc1");
    assertThat(new PortChains(new ServicePortName(name, "", Protocol.UDP)).cluster())
        .isEqualTo("KUBE-SVC-" + PortChains.hash("ns1/svc1udp"));
  }
}
