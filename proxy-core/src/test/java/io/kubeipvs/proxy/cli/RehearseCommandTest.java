package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RehearseCommandTest {

  @Test
  void aSyncOfTheTrainingManifestsSucceedsOnAnyMachine(@TempDir Path manifests) throws Exception {
    Path training = Path.of("../deploy/src/main/launcher/training/services.yaml");
    Files.copy(training, manifests.resolve("services.yaml"));

    StringWriter out = new StringWriter();
    CommandLine commandLine = new CommandLine(new RehearseCommand());
    commandLine.setOut(new PrintWriter(out, true));
    int code = commandLine.execute("--manifests", manifests.toString());

    assertThat(code).isZero();
    assertThat(out.toString())
        .containsPattern("rehearsed: \\d+ classes, [1-9]\\d+ operations, 0 failed");
  }
}
