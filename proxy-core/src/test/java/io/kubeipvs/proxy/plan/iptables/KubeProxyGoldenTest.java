package io.kubeipvs.proxy.plan.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedChain;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.SavedTable;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.net.AddressFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our rules for a manifest against those a real kube-proxy left for it. */
class KubeProxyGoldenTest {
  /** Where kube-proxy writes one Service's rules before another's as it happens. */
  private static final Set<String> IN_ANY_ORDER =
      Set.of("KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES", "KUBE-NODEPORTS", "KUBE-PROXY-FIREWALL");

  static List<KubeProxyState> states() throws IOException {
    return KubeProxyState.all();
  }

  @ParameterizedTest
  @MethodSource("states")
  void theRulesAreKubeProxysButForWhatWeMeanToDoOtherwise(KubeProxyState state) throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      if (!state.isWithout(family)) {
        SavedRules theirs = SavedRules.parse(state.text(family));
        SavedRules ours = SavedRules.of(state.rules(family));
        List<String> expected = lines(theirs);
        for (Difference difference : Differences.of(state.name(), family)) {
          difference.missing().forEach(line -> assertThat(expected.remove(line)).as(line).isTrue());
          expected.addAll(difference.added());
        }
        expected.sort(null);
        assertThat(lines(ours)).containsExactlyElementsOf(expected);
      }
    }
  }

  /** All that is missing is what the states do not show: the table mangle. */
  @ParameterizedTest
  @MethodSource("states")
  void takingOverFromKubeProxyWritesNothingItHadAlready(KubeProxyState state) throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      if (!state.isWithout(family) && Differences.of(state.name(), family).isEmpty()) {
        SavedRules theirs = SavedRules.parse(state.text(family));
        assertThat(RuleDiffer.diff(state.rules(family), theirs).text())
            .isEqualTo("*mangle\n:KUBE-PROXY-CANARY - [0:0]\nCOMMIT\n");
      }
    }
  }

  @Test
  void everyDifferenceIsOfAStateThatExists() throws IOException {
    Set<String> names = new TreeSet<>();
    states().forEach(state -> names.add(state.name()));
    assertThat(names).hasSize(46).containsAll(Differences.scenarios());
  }

  @Test
  void theChainsWhereOrderMeansNothingAreThoseWithLeeway() throws IOException {
    RuleSet constants = states().get(0).constants(AddressFamily.IPV4);
    Set<String> names = new TreeSet<>(Set.of("KUBE-FIREWALL"));
    names.addAll(IN_ANY_ORDER);
    Set<String> withLeeway = new TreeSet<>();
    constants.leeway().keySet().forEach(chain -> withLeeway.add(chain.name().value()));
    assertThat(withLeeway).isEqualTo(names);
  }

  /** One line a rule, with its table; numbered where its place in the chain means something. */
  private static List<String> lines(SavedRules saved) {
    List<String> lines = new ArrayList<>();
    for (Table table : List.of(Table.FILTER, Table.NAT)) {
      SavedTable rules = saved.table(table);
      for (SavedChain chain : new TreeMap<>(rules.chains()).values()) {
        lines.add(table + " :" + chain.name() + " " + chain.policy());
        int number = 0;
        for (String rule : chain.rules()) {
          number++;
          String place = IN_ANY_ORDER.contains(chain.name()) ? "" : " " + number;
          lines.add(table + " -A " + chain.name() + place + " " + rule);
        }
      }
    }
    lines.sort(null);
    return lines;
  }
}
