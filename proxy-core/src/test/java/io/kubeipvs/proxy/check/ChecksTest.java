package io.kubeipvs.proxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
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
