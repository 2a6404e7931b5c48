package io.kubeipvs.proxy.plan.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.plan.Claim;
import org.junit.jupiter.api.Test;

class KubeSetsTest {
  private static final SetEntry ENTRY =
      new SetEntry.IpPort(IpAddress.of("10.96.0.1"), Protocol.TCP, 443);

  @Test
  void longNamesAreCutWhereKubeProxyCutsThem() {
    assertThat(KubeSet.LOAD_BALANCER_SOURCE_CIDR.name(AddressFamily.IPV6))
        .hasToString("KUBE-6-LOAD-BALANCER-SOURCE-CID");
    assertThat(KubeSet.NODE_PORT_LOCAL_SCTP.name(AddressFamily.IPV6))
        .hasToString("KUBE-6-NODE-PORT-LOCAL-SCTP-HAS");
  }

  @Test
  void allNamesDiffer() {
    assertThat(KubeSets.ALL).hasSize(2 * KubeSet.values().length);
  }

  @Test
  void anEntryOfAClusterIpClaimsItsAddress() {
    assertThat(KubeSets.claim(new SetName("KUBE-CLUSTER-IP"), ENTRY))
        .contains(
            new Claim.Address(
                new ServiceKey.Address(Protocol.TCP, IpAddress.of("10.96.0.1"), 443)));
  }

  @Test
  void anEntryOfANodePortClaimsItForItsProtocol() {
    assertThat(KubeSets.claim(new SetName("KUBE-6-NODE-PORT-UDP"), new SetEntry.Port(30053)))
        .contains(new Claim.NodePort(Protocol.UDP, 30053));
  }

  @Test
  void otherEntriesAndOtherSetsClaimNothing() {
    assertThat(KubeSets.claim(new SetName("KUBE-LOAD-BALANCER-FW"), ENTRY)).isEmpty();
    assertThat(
            KubeSets.claim(
                new SetName("KUBE-NODE-PORT-TCP"), new SetEntry.Ip(IpAddress.of("10.0.0.1"))))
        .isEmpty();
    assertThat(KubeSets.claim(new SetName("SOMEBODYS"), ENTRY)).isEmpty();
  }
}
