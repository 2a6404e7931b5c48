package io.kubeipvs.proxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.kubeipvs.proxy.json.TreeText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class ReportTest {
  private static final Fixer.Result NOTHING = new Fixer.Result(List.of(), List.of());

  private static final Report REPORT =
      new Report(
          List.of(
              Finding.ok("kernel", "known", "6.1"),
              Finding.of("sysctl", Severity.ERROR, "not \"forwarding\"\u2026", "a: b", "- c")
                  .remedy("sysctl -w x=1")
                  .fix(new Fix.LoadModules(List.of("x"))),
              Finding.of("rp-filter", Severity.INFO, "strict")));

  @Test
  void theWorstComesFirstAndWhatIsWellIsCounted() {
    assertThat(new ReportText(false).of(REPORT, NOTHING))
        .isEqualTo(
            """
            error   sysctl: not "forwarding"\u2026
                    a: b
                    - c
                    > sysctl -w x=1   (--fix does it)
            info    rp-filter: strict
            3 findings: 1 ok, 1 info, 1 error
            """);
  }

  @Test
  void wideShowsWhatIsWellAndWhatWasDone() {
    Fixer.Result fixed = new Fixer.Result(List.of("set a = 1"), List.of("cannot set b"));
    assertThat(new ReportText(true).of(REPORT, fixed))
        .startsWith("done    set a = 1\nfailed  cannot set b\n")
        .contains("ok      kernel: known\n        6.1\n");
  }

  @Test
  void exitCodesTellTheWorst() {
    assertThat(REPORT.worst().exitCode()).isEqualTo(3);
    assertThat(Severity.WARNING.exitCode()).isEqualTo(2);
    assertThat(Severity.UNKNOWN.exitCode()).isEqualTo(1);
    assertThat(Severity.INFO.exitCode()).isZero();
  }

  @Test
  void yamlAndJsonSayTheSame() throws IOException {
    Map<String, Object> tree = ReportTree.of(REPORT, NOTHING);
    Object fromYaml = new Load(LoadSettings.builder().build()).loadFromString(TreeText.yaml(tree));
    Object fromJson = new Load(LoadSettings.builder().build()).loadFromString(TreeText.json(tree));
    assertThat(fromYaml).isEqualTo(fromJson);
    assertThat(fromYaml.toString()).contains("reason=not \"forwarding\"\u2026", "fixable=true");
    try (JsonParser parser = new JsonFactory().createParser(TreeText.json(tree))) {
      int tokens = 0;
      while (parser.nextToken() != null) {
        tokens++;
      }
      assertThat(tokens).isGreaterThan(40);
    }
  }
}
