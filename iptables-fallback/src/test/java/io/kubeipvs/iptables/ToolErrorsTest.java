package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The tools' words, from iptables 1.8.9. */
class ToolErrorsTest {
  private static final String INPUT = "*filter\n:KUBE-X - [0:0]\n-A KUBE-X -j NO\nCOMMIT\n";

  private static String message(String errors) {
    return ""
        + ToolErrors.restoreFailed("iptables-restore", INPUT, new ToolRunner.Result(1, "", errors))
            .getMessage();
  }

  @Test
  void ourLineIsShownWithTheToolsWords() {
    assertThat(
            message(
                """
                iptables-restore v1.8.9 (legacy): Couldn't load target `NO':No such file or directory

                Error occurred at line: 3
                Try `iptables-restore -h' or 'iptables-restore --help' for more information.
                """))
        .isEqualTo(
            "iptables-restore, line 3: `-A KUBE-X -j NO': iptables-restore v1.8.9 (legacy):"
                + " Couldn't load target `NO':No such file or directory; Error occurred at line: 3");
  }

  @Test
  void everyWayToNameALineIsUnderstood() {
    assertThat(message("iptables-restore: line 4 failed\n")).contains("line 4: `COMMIT'");
    assertThat(
            message(
                "iptables-nft-restore v1.8.9 (nf_tables): \nline 2: CHAIN_DEL failed (Device or"
                    + " resource busy): chain KUBE-Y\n"))
        .contains("line 2: `:KUBE-X - [0:0]'");
    assertThat(message("line 99 failed")).contains("(behind the end)");
  }

  /** Whoever's rules were in it is not to blame. */
  @Test
  void aToolThatWasKilledOrHadNoMemoryRefusesNothing() {
    assertThat(isOutOfOrder(137, "")).isTrue();
    assertThat(isOutOfOrder(127, "error while loading shared libraries: libmnl.so.0")).isTrue();
    assertThat(isOutOfOrder(1, "line 7: RULE_APPEND failed (Cannot allocate memory)")).isTrue();
    assertThat(isOutOfOrder(1, "iptables-restore: line 9 failed")).isFalse();
    assertThat(isOutOfOrder(2, "Couldn't load match `recent':No such file or directory")).isFalse();
    assertThat(isOutOfOrder(4, "line 2: CHAIN_DEL failed (Device or resource busy)")).isFalse();
  }

  private static boolean isOutOfOrder(int exitCode, String errors) {
    return ToolErrors.isOutOfOrder(new ToolRunner.Result(exitCode, "", errors));
  }

  @Test
  void withoutWordsThereIsTheExitCode() {
    assertThat(message("")).isEqualTo("iptables-restore: exit code 1");
  }
}
