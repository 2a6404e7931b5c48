package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.diff.VipBinding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker finds each fault that is planted. */
class SafetyCheckerTest {
  private static final IpAddress VIP = IpAddress.of("192.0.2.1");
  private static final ServiceKey KEY = ServiceKey.of(Protocol.TCP, VIP, 80);
  private static final SetEntry ENTRY = new SetEntry.IpPort(VIP, Protocol.TCP, 80);
  private static final VipBinding BINDING = new VipBinding.ByRoute(Map.of());

  private final SafetyChecker checker = new SafetyChecker();

  @BeforeEach
  void makeSets() {
    for (String set : List.of("KUBE-LOAD-BALANCER", "KUBE-LOAD-BALANCER-FW", "KUBE-NO-ENDPOINTS")) {
      SetSpec spec = SetSpec.hash(set, SetType.HASH_IP_PORT, AddressFamily.IPV4);
      checker.replay(List.of(new Operation.Sets(Phase.MAKE_GROUND, new SetCommand.Create(spec))));
    }
  }

  @Test
  void properOrderIsFine() {
    assertThat(checker.replay(List.of(add("KUBE-LOAD-BALANCER"), addService(), open()))).isEmpty();
    assertThat(checker.replay(List.of(close(), deleteService(), delete("KUBE-LOAD-BALANCER"))))
        .isEmpty();
  }

  @Test
  void serviceThatNoSetClaimsIsFound() {
    assertThat(checker.replay(List.of(addService(), add("KUBE-LOAD-BALANCER"))))
        .singleElement()
        .asString()
        .contains("no set claims it");
  }

  @Test
  void entryForAMissingSetIsFound() {
    assertThat(checker.replay(List.of(add("KUBE-CLUSTER-IP"))))
        .singleElement()
        .asString()
        .contains("no such set");
  }

  @Test
  void addressOpenedBeforeItIsServedIsFound() {
    assertThat(checker.replay(List.of(add("KUBE-LOAD-BALANCER"), open(), addService())))
        .singleElement()
        .asString()
        .contains("nothing serves it");
  }

  @Test
  void addressOpenedBeforeItsGuardIsFound() {
    assertThat(
            checker.replay(
                List.of(
                    add("KUBE-LOAD-BALANCER"), addService(), open(), add("KUBE-LOAD-BALANCER-FW"))))
        .singleElement()
        .asString()
        .contains("opened before");
  }

  @Test
  void guardThatIsMissingForAMomentIsFound() {
    checker.replay(
        List.of(add("KUBE-LOAD-BALANCER"), add("KUBE-LOAD-BALANCER-FW"), addService(), open()));

    assertThat(
            checker.replay(List.of(delete("KUBE-LOAD-BALANCER-FW"), add("KUBE-LOAD-BALANCER-FW"))))
        .singleElement()
        .asString()
        .contains("missing for a moment");
  }

  @Test
  void serviceDeletedBehindAnOpenAddressIsFound() {
    checker.replay(List.of(add("KUBE-LOAD-BALANCER"), addService(), open()));

    assertThat(checker.replay(List.of(deleteService())))
        .hasSize(2)
        .anyMatch(wrong -> wrong.contains("still open"))
        .anyMatch(wrong -> wrong.contains("leads to the host"));
  }

  @Test
  void claimDeletedBeforeItsServiceIsFound() {
    checker.replay(List.of(add("KUBE-LOAD-BALANCER"), addService(), open()));

    assertThat(checker.replay(List.of(close(), delete("KUBE-LOAD-BALANCER"), deleteService())))
        .singleElement()
        .asString()
        .contains("still there");
  }

  @Test
  void claimAtAnOpenAddressBeforeItsServiceIsFound() {
    checker.replay(List.of(addService(), open()));
    checker.replay(List.of(deleteService()));

    assertThat(checker.replay(List.of(add("KUBE-LOAD-BALANCER"), addService())))
        .singleElement()
        .asString()
        .contains("leads to the host");
  }

  @Test
  void claimOfARefusedPortIsFine() {
    checker.replay(List.of(addService(), open()));
    checker.replay(List.of(deleteService()));

    assertThat(
            checker.replay(
                List.of(
                    add("KUBE-NO-ENDPOINTS"),
                    add("KUBE-LOAD-BALANCER"),
                    addService(),
                    delete("KUBE-NO-ENDPOINTS"))))
        .isEmpty();
  }

  @Test
  void portNoLongerRefusedBeforeItsClaimIsGoneIsFound() {
    checker.replay(
        List.of(add("KUBE-LOAD-BALANCER"), add("KUBE-NO-ENDPOINTS"), addService(), open()));
    checker.replay(List.of(deleteService()));

    assertThat(checker.replay(List.of(delete("KUBE-NO-ENDPOINTS"), delete("KUBE-LOAD-BALANCER"))))
        .singleElement()
        .asString()
        .contains("leads to the host");
  }

  private static Operation add(String set) {
    return new Operation.Sets(Phase.ADD_ENTRIES, new SetCommand.Add(new SetName(set), ENTRY));
  }

  private static Operation delete(String set) {
    return new Operation.Sets(Phase.DELETE_ENTRIES, new SetCommand.Delete(new SetName(set), ENTRY));
  }

  private static Operation addService() {
    return new Operation.Ipvs(
        Phase.PROGRAM_SERVICES,
        new IpvsCommand.AddService(VirtualService.of(KEY, Scheduler.ROUND_ROBIN)));
  }

  private static Operation deleteService() {
    return new Operation.Ipvs(Phase.DELETE_SERVICES, new IpvsCommand.DeleteService(KEY));
  }

  private static Operation open() {
    return new Operation.Vip(Phase.OPEN_VIPS, VIP, false, BINDING.open(VIP));
  }

  private static Operation close() {
    return new Operation.Vip(
        Phase.CLOSE_VIPS, VIP, false, VipBinding.deleteRoute(BINDING.route(VIP).orElseThrow()));
  }
}
