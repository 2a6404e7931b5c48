package io.kubeipvs.proxy.inspect.list;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.Objects;
import io.kubeipvs.proxy.inspect.RuleLives;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.inspect.rules.RuleTable;
import io.kubeipvs.proxy.inspect.rules.RuleTables;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.state.DesiredState;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Service with two endpoints, in the rules of a daemon in iptables mode. */
class RuleListTest {
  private final RuleLives life = RuleLives.fresh();

  @BeforeEach
  void serve() throws IOException {
    life.tracker().service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    life.tracker().slice(slice("web", Protocol.TCP, "10.1.0.1", "10.1.0.2"));
    life.tracker().listed();
    life.sync();
  }

  private List<Entrance> list(Optional<RuleTable> present) throws IOException {
    DryRun dryRun = life.dryRun();
    dryRun.sync(life.asked());
    DesiredState ways = new DesiredState();
    for (ServicePlan plan : plans()) {
      ways.put(plan);
    }
    return new RuleListBuilder(
            ways, RuleTables.wanted(dryRun), present, life.asked().slices(), List.of(), "node1")
        .build(life.asked().services());
  }

  private List<ServicePlan> plans() {
    return life.asked().services().stream()
        .map(each -> Objects.plan(each, life.asked().slices().toArray(new EndpointSlice[0])))
        .toList();
  }

  private String text() throws IOException {
    List<Entrance> entrances = list(RuleTables.present(life.state()));
    ServiceList list = new ServiceList(Instant.EPOCH, "iptables", "test", entrances, List.of());
    return new ListText(true, false, 400).text(list).replaceAll(" {2,}", "  ");
  }

  private void change(String table, String command) throws IptablesException {
    life.kernel().iptables.restoreText("*" + table + "\n" + command + "\nCOMMIT\n");
  }

  @Test
  void eachServerHasItsChainAndItsShare() throws IOException {
    assertThat(text().lines().skip(1).map(String::stripTrailing))
        .containsExactly(
            "default/web  cluster IP  TCP 10.96.0.10:80  Cluster  0  0  KUBE-SVC-"
                + chains("SVC").get(0),
            "  -> -  node2  10.1.0.1:8080  50.0 %  0  0  KUBE-SEP-" + chains("SEP").get(0),
            "  -> -  node2  10.1.0.2:8080  50.0 %  0  0  KUBE-SEP-" + chains("SEP").get(1));
  }

  private List<String> chains(String kind) throws IOException {
    return RuleTables.present(life.state()).orElseThrow().ways().stream()
        .flatMap(
            way ->
                kind.equals("SVC")
                    ? List.of(way.chain()).stream()
                    : way.choices().stream().map(RuleTable.Choice::chain))
        .map(chain -> chain.substring("KUBE-SEP-".length()))
        .toList();
  }

  @Test
  void whatIsNotAsWantedIsSaid() throws Exception {
    String service = "KUBE-SVC-" + chains("SVC").get(0);
    String second = "KUBE-SEP-" + chains("SEP").get(1);

    change("nat", ":" + service + " - [0:0]\n-A " + service + " -j " + second);

    assertThat(text()).contains("missing in the kernel").contains("share should be 50.0 %");
  }

  @Test
  void whatNobodyAsksForIsListedToo() throws IOException {
    life.tracker().serviceDeleted(Objects.name("web"));
    life.tracker().sliceDeleted(slice("web", Protocol.TCP).name());

    assertThat(text()).contains("not asked for").contains("left of default/web");
  }

  /** A kernel that cannot be read: what is asked for, and no counters of it. */
  @Test
  void withoutAKernelTheListIsOfWhatIsWanted() throws IOException {
    List<Entrance> entrances = list(Optional.empty());

    assertThat(entrances).singleElement().satisfies(web -> assertThat(web.state()).isEmpty());
    assertThat(entrances.get(0).servers())
        .extracting(server -> server.rules().orElseThrow().share())
        .containsExactly(0.5, 0.5);
  }
}
