package io.kubeipvs.proxy.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.FakeIptables;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.Objects;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IptablesStateTest {
  private final IptablesState state =
      new IptablesState(
          IptablesPlanner.constants(AddressFamily.IPV4, Objects.CONTEXT, IptablesSettings.DEFAULT));
  private final FakeIptables iptables = new FakeIptables(Family.IPV4);

  @BeforeEach
  void loadConstants() throws Exception {
    iptables.restore(state.repair(iptables.save()));
  }

  private static ServiceRules plan(Service service, EndpointSlice... slices) {
    return IptablesPlanner.plan(
        service, AddressFamily.IPV4, List.of(slices), Objects.CONTEXT, IptablesSettings.DEFAULT);
  }

  private static ServiceRules web(String clusterIp, String... endpoints) {
    return plan(
        Objects.service("web", Objects.OLD, Protocol.TCP, clusterIp),
        Objects.slice("web", Protocol.TCP, endpoints));
  }

  private static ServiceRules dns(String... endpoints) {
    return plan(
        Objects.service("dns", Objects.OLD, Protocol.UDP, "10.96.0.53"),
        Objects.slice("dns", Protocol.UDP, endpoints));
  }

  private RuleChange put(ServiceRules... plans) throws Exception {
    RuleChange change = state.put(List.of(plans));
    iptables.restore(change.restore());
    assertThat(state.repair(iptables.save()).isEmpty()).isTrue();
    return change;
  }

  private static List<String> written(RuleChange change) {
    return change.restore().text().lines().filter(line -> line.startsWith(":")).toList();
  }

  @Test
  void oneOfManyServicesChangesAndOnlyItsChainsAreWritten() throws Exception {
    List<ServiceRules> many = new ArrayList<>();
    IntStream.range(0, 500)
        .mapToObj(
            i ->
                plan(
                    Objects.service("s" + i, Objects.OLD, Protocol.TCP, "10.97.0." + i % 200),
                    Objects.slice("s" + i, Protocol.TCP, "10.1.1.1", "10.1.1.2")))
        .forEach(many::add);
    many.add(web("10.96.0.1", "10.1.0.1"));
    iptables.restore(state.put(many).restore());
    RuleChange change = put(web("10.96.0.1", "10.1.0.1", "10.1.0.2"));
    assertThat(written(change))
        .hasSize(2)
        .anyMatch(chain -> chain.contains("SVC"))
        .anyMatch(chain -> chain.contains("SEP"));
    assertThat(change.restore().text()).doesNotContain("KUBE-SERVICES");
  }

  @Test
  void theOlderServiceHasTheAddressUntilItIsGone() throws Exception {
    ServiceRules young =
        plan(
            Objects.service("young", Objects.NEW, Protocol.TCP, "10.96.0.1"),
            Objects.slice("young", Protocol.TCP, "10.1.0.9"));
    put(young);
    assertThat(iptables.saveText()).contains("default/young cluster IP");
    put(web("10.96.0.1", "10.1.0.1"));
    assertThat(iptables.saveText())
        .contains("default/web cluster IP")
        .doesNotContain("-d 10.96.0.1/32 -p tcp -m comment --comment \"default/young cluster IP\"");
    assertThat(state.conflicts())
        .extracting(Conflict::toString)
        .containsExactly(
            "Service default/young: TCP 10.96.0.1:80 belongs to the older Service default/web");
    put(ServiceRules.nothing(Objects.name("web")));
    assertThat(iptables.saveText()).contains("default/young cluster IP").doesNotContain("web");
    assertThat(state.conflicts()).isEmpty();
  }

  @Test
  void twoServicesExchangeTheirAddressesInOneStep() throws Exception {
    ServiceRules other =
        plan(
            Objects.service("other", Objects.OLD, Protocol.TCP, "10.96.0.2"),
            Objects.slice("other", Protocol.TCP, "10.1.0.2"));
    put(web("10.96.0.1", "10.1.0.1"), other);
    put(
        web("10.96.0.2", "10.1.0.1"),
        plan(
            Objects.service("other", Objects.OLD, Protocol.TCP, "10.96.0.1"),
            Objects.slice("other", Protocol.TCP, "10.1.0.2")));
    assertThat(state.conflicts()).isEmpty();
    assertThat(iptables.saveText())
        .contains("-d 10.96.0.2/32 -p tcp -m comment --comment \"default/web cluster IP\"");
  }

  @Test
  void flowsToAServerThatIsGoneAreForgotten() throws Exception {
    put(dns("10.1.0.1", "10.1.0.2"));
    assertThat(put(dns("10.1.0.2")).forgotten())
        .extracting(Object::toString)
        .containsExactly(
            "-p udp --orig-dst 10.96.0.53 --orig-port-dst 80 --reply-src 10.1.0.1"
                + " --reply-port-src 8080");
    assertThat(put(ServiceRules.nothing(Objects.name("dns"))).forgotten()).hasSize(1);
  }

  @Test
  void flowsFromBeforeTheFirstServerAreForgotten() throws Exception {
    put(dns());
    assertThat(put(dns("10.1.0.1")).forgotten())
        .extracting(Object::toString)
        .containsExactly("-p udp --orig-dst 10.96.0.53 --orig-port-dst 80");
    assertThat(put(dns("10.1.0.1", "10.1.0.2")).forgotten()).isEmpty();
  }

  @Test
  void connectionsAreLeftToEndByThemselves() throws Exception {
    put(web("10.96.0.1", "10.1.0.1"));
    assertThat(put(web("10.96.0.1", "10.1.0.2")).forgotten()).isEmpty();
  }

  @Test
  void otherConstantsAreAMatterOfComparison() throws Exception {
    put(web("10.96.0.1", "10.1.0.1"));
    state.putConstants(
        IptablesPlanner.constants(
            AddressFamily.IPV4,
            Objects.CONTEXT,
            new IptablesSettings(IptablesSettings.DEFAULT.rules(), false, true, List.of())));
    iptables.restore(state.repair(iptables.save()));
    assertThat(iptables.saveText()).contains("-A KUBE-SERVICES ! -d 127.0.0.0/8");
    assertThat(state.repair(iptables.save()).isEmpty()).isTrue();
  }
}
