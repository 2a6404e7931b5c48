package io.kubeipvs.proxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.check.facts.Modules;
import io.kubeipvs.proxy.check.facts.Wanted;
import io.kubeipvs.proxy.inspect.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChecksTest {
  static Stream<CheckCase> cases() {
    return Stream.of(MachineCases.all(), SettingCases.all(), TableCases.all(), OtherCases.all())
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrongIsFoundWithItsEvidence(CheckCase given) {
    assertThat(given.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.severity()).isEqualTo(given.severity());
              assertThat(finding.evidence()).anyMatch(line -> line.contains(given.evidence()));
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrongChangesTheExitCode(CheckCase given) {
    assertThat(Checks.look(given.node().facts()).worst()).isGreaterThanOrEqualTo(given.severity());
  }

  @Test
  void whereAllIsWellNothingIsFound() {
    Report report = Checks.look(new GivenNode().facts());
    assertThat(report.findings())
        .isNotEmpty()
        .allMatch(finding -> finding.severity() == Severity.OK);
    assertThat(report.worst().exitCode()).isZero();
    assertThat(report.fixes()).isEmpty();
  }

  @Test
  void whatOnlyIpvsNeedsIsNoFaultInIptablesMode() {
    GivenNode node = inIptablesMode(Optional.empty());
    Report report = Checks.look(node.facts());
    assertThat(report.findings())
        .isNotEmpty()
        .allMatch(finding -> finding.severity() == Severity.OK);
    assertThat(report.findings()).noneMatch(finding -> finding.id().equals(IpvsCheck.ID));
    assertThat(report.worst().exitCode()).isZero();
  }

  /** The rules that were written are no leftovers, and nobody is told to remove them. */
  private static GivenNode inIptablesMode(Optional<String> fallbackReason) {
    GivenNode node = new GivenNode();
    node.wanted = Wanted.iptables(fallbackReason, false, true);
    node.balancing = Part.missing("this kernel has no IPVS");
    node.modules.put("ip_vs", Modules.State.ABSENT);
    node.sysctls.keySet().removeIf(key -> key.startsWith("net/ipv4/vs/"));
    node.sets.clear();
    node.routes.clear();
    node.set("net/ipv4/conf/all/route_localnet", 1);
    node.rules =
        GivenNode.rules(
            "nf_tables",
            """
            *nat
            :KUBE-NODEPORTS - [0:0]
            :KUBE-SVC-X - [0:0]
            -A KUBE-NODEPORTS -p tcp -m comment --comment "a/b" -m tcp --dport 30090 -j KUBE-EXT-X
            COMMIT
            *filter
            :KUBE-FIREWALL - [0:0]
            -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -j DROP
            COMMIT
            """);
    return node;
  }

  @Test
  void aFallbackIsSaidAndItsModulesAreLoaded() {
    GivenNode node = inIptablesMode(Optional.of("This kernel has no IPVS."));
    node.modules.put("ip_vs", Modules.State.LOADABLE);
    Report report = Checks.look(node.facts());
    assertThat(report.worst()).isEqualTo(Severity.WARNING);
    assertThat(report.fixes()).containsExactly(new Fix.LoadModules(List.of("ip_vs")));
  }

  @Test
  void nodePortsOfIptablesModeAreThoseOfItsChain() {
    GivenNode node = inIptablesMode(Optional.empty());
    node.process(200, "nginx");
    node.sockets.add(GivenNode.socket("0.0.0.0", 30090, 200));
    assertThat(new NodePortSocketCheck().look(node.facts()))
        .singleElement()
        .satisfies(found -> assertThat(found.severity()).isEqualTo(Severity.WARNING));
  }

  @Test
  void withoutTheRuleLoopbackIsOpenInIptablesModeToo() {
    GivenNode node = inIptablesMode(Optional.empty());
    node.rules = GivenNode.rules("nf_tables", "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n");
    assertThat(new LocalnetCheck().look(node.facts()))
        .singleElement()
        .satisfies(found -> assertThat(found.severity()).isEqualTo(Severity.WARNING));
  }

  @Test
  void settingsAreThoseOfTheMode() {
    GivenNode node = inIptablesMode(Optional.empty());
    node.set("net/ipv4/conf/all/route_localnet", 0);
    assertThat(new SysctlCheck().look(node.facts()))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.severity()).isEqualTo(Severity.WARNING);
              assertThat(found.evidence()).first().asString().contains("route_localnet = 0");
            });
  }

  /** A check that no case shows to be of use is none. */
  @Test
  void everyCheckHasACase() {
    Set<Class<?>> shown = new HashSet<>();
    cases().forEach(given -> shown.add(given.check().getClass()));
    Set<Class<?>> all = new HashSet<>();
    Checks.ALL.forEach(check -> all.add(check.getClass()));
    assertThat(shown).isEqualTo(all);
  }

  @Test
  void whatIsWorseThanInformationSaysWhatToDo() {
    cases()
        .flatMap(given -> given.findings().stream())
        .filter(f -> f.severity() == Severity.WARNING || f.severity() == Severity.ERROR)
        .filter(finding -> !finding.reason().startsWith("kube-ipvs runs more than once"))
        .filter(finding -> !finding.reason().equals("the API server is slow"))
        .forEach(finding -> assertThat(finding.remedy()).as(finding.reason()).isNotEmpty());
  }

  @Test
  void manyPiecesOfEvidenceAreCut() {
    GivenNode node = new GivenNode();
    for (int i = 1; i <= 100; i++) {
      node.address(3, "10.96.1." + i, 32);
    }
    List<String> evidence = new VipsCheck().look(node.facts()).get(0).evidence();
    assertThat(evidence).hasSize(9).last().isEqualTo("and 92 more");
  }
}
