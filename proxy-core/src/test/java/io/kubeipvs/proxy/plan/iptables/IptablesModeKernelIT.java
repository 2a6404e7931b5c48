package io.kubeipvs.proxy.plan.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.Namespace;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.SavedTable;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.state.IptablesState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every state of kube-proxy's that we plan, loaded into a kernel after the one before it, with the
 * tools of both kinds. Needs root.
 */
class IptablesModeKernelIT {

  @ParameterizedTest
  @EnumSource(AddressFamily.class)
  void theLegacyToolsShowEachStateAsPlanned(AddressFamily family) throws Exception {
    loadAll("iptables-legacy", family);
  }

  @Tag("nft")
  @ParameterizedTest
  @EnumSource(AddressFamily.class)
  void theNftToolsShowEachStateAsPlanned(AddressFamily family) throws Exception {
    loadAll("iptables-nft", family);
  }

  private static void loadAll(String program, AddressFamily family) throws Exception {
    try (Namespace namespace = Namespace.create()) {
      assumeTrue(
          program.endsWith("legacy") || nftWorks(namespace),
          "the nft tools do not work with this kernel");
      IptablesTools tools =
          IptablesTools.open(
              family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6,
              ToolOptions.DEFAULT.withProgram(program).withCommandPrefix(namespace.prefix()));
      KubeProxyState first = KubeProxyState.all().get(0);
      IptablesState state = new IptablesState(first.constants(family));
      List<ServiceRules> former = new ArrayList<>();
      for (KubeProxyState next : KubeProxyState.all()) {
        state.putConstants(next.constants(family));
        tools.restore(state.repair(tools.save()));
        tools.restore(state.put(exchange(former, next.plans(family))).restore());
        former = next.plans(family);

        SavedRules saved = tools.save();
        assertThat(state.repair(saved).text()).as(next.name()).isEmpty();
        assertThat(lines(saved)).as(next.name()).isEqualTo(lines(SavedRules.of(state.wanted())));
      }
      RuleSet wanted = state.wanted();
      tools.restore(RuleDiffer.diff(wanted.removal(), tools.save()));
      assertThat(lines(tools.save())).noneMatch(line -> line.contains("KUBE-S"));
    }
  }

  /** Services of the former state that the next one lacks are gone. */
  private static List<ServiceRules> exchange(List<ServiceRules> former, List<ServiceRules> next) {
    return Stream.concat(
            next.stream(),
            former.stream()
                .map(ServiceRules::service)
                .filter(name -> next.stream().noneMatch(plan -> plan.service().equals(name)))
                .map(ServiceRules::nothing))
        .toList();
  }

  private static boolean nftWorks(Namespace namespace) throws InterruptedException {
    try {
      return namespace.run("", "iptables-nft", "--version").contains("nf_tables")
          && namespace.run("", "iptables-nft", "-t", "nat", "-S").contains("-P OUTPUT");
    } catch (IOException e) {
      return false;
    }
  }

  /** But for the chain in which others' rules stay, and hence those of a state before. */
  private static List<String> lines(SavedRules saved) {
    List<String> lines = new ArrayList<>();
    for (Table table : Table.values()) {
      SavedTable rules = saved.table(table);
      rules
          .chains()
          .forEach(
              (name, chain) -> {
                lines.add(table + " :" + name);
                chain.rules().forEach(rule -> lines.add(table + " -A " + name + " " + rule));
              });
    }
    lines.removeIf(line -> line.contains("-A KUBE-FIREWALL"));
    lines.sort(null);
    return lines;
  }
}
