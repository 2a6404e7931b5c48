package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With programs that every machine has in the place of the tools. */
class ToolRunnerTest {
  private final ToolRunner runner = runner(Duration.ofSeconds(30));

  private static ToolRunner runner(Duration timeout) {
    return new ToolRunner(
        new ToolOptions(
            Optional.empty(), List.of(), Map.of("NAME", "value"), Duration.ofSeconds(5), timeout));
  }

  @Test
  void inputOfAnyLengthAndBytesComesBack() throws Exception {
    String input = "\u00e9\u0000\"x\n".repeat(1_000_000);
    assertThat(runner.run(List.of("cat"), input).output()).isEqualTo(input);
  }

  @Test
  void outputErrorsAndExitCodeAreKeptApart() throws Exception {
    ToolRunner.Result result =
        runner.run(List.of("sh", "-c", "echo out $NAME; echo err >&2; exit 4"), "");
    assertThat(result).isEqualTo(new ToolRunner.Result(4, "out value\n", "err\n"));
  }

  @Test
  void aToolThatDoesNotReadItsInputStillEnds() throws Exception {
    assertThat(runner.run(List.of("true"), "x".repeat(1 << 20)).exitCode()).isZero();
  }

  @Test
  void aToolThatHangsIsEnded() {
    assertThatThrownBy(
            () -> runner(Duration.ofMillis(50)).run(List.of("sleep", "60"), "x".repeat(1 << 20)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sleep did not end within");
    ProcessHandle.current()
        .children()
        .forEach(process -> process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
  }

  @Test
  void manyErrorsDoNotFillTheMemory() throws Exception {
    ToolRunner.Result result =
        runner.run(List.of("sh", "-c", "head -c 1000000 /dev/zero >&2; echo done"), "");
    assertThat(result.errors()).hasSize(64 << 10);
    assertThat(result.output()).isEqualTo("done\n");
  }

  @Test
  void noShellReadsTheWords() throws Exception {
    assertThat(runner.run(List.of("echo", "$(id)", "; id", "*"), "").output())
        .isEqualTo("$(id) ; id *\n");
  }

  @Test
  void everyJavasWordsForAMissingProgramAreKnown() {
    assertThat(ToolRunner.saysNotFound("Cannot run program \"x\": error=2, No such file")).isTrue();
    assertThat(ToolRunner.saysNotFound("Exec failed, error: 2 (No such file or directory)"))
        .isTrue();
    assertThat(ToolRunner.saysNotFound("Exec failed, error: 21 (Is a directory)")).isFalse();
  }
}
