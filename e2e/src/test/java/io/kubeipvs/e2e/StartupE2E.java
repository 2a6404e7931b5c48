package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What keeps the daemon from starting: it says so in one sentence, and ends with a failure. */
@IpvsOnly("about what IPVS mode needs of a kernel; FallbackE2E has what happens without")
final class StartupE2E extends Scenario {

  @Test
  void manifestsThatAreNotADirectory() throws IOException {
    Path file = Files.createFile(manifests().resolve("file"));
    Output output = Daemon.run(node1, "run", "--manifests", file.toString());
    assertRefused(output, 1, "--manifests: " + file + " is not a directory");
  }

  @Test
  void aFlagThatDoesNotExist() {
    Output output = runOnce("--no-such-flag");
    assertThat(output.exitCode()).isEqualTo(2);
    assertThat(output.stderr()).startsWith("Unknown option: '--no-such-flag'");
  }

  @Test
  void noRightToChangeTheNetwork() {
    List<String> wrapper = List.of("setpriv", "--inh-caps=-all", "--bounding-set=-net_admin");
    Output output = Daemon.runUnder(wrapper, node1, "run", "--manifests", manifests().toString());
    assertRefused(output, 1, "The capability NET_ADMIN is missing: run kube-ipvs as root");
  }

  @Test
  void noIptables() throws IOException {
    Path programs = directory();
    for (String program : List.of("dirname", "readlink", "modprobe")) {
      Path found = Path.of(node1.run("which", program).orFail().stdout().strip());
      Files.createSymbolicLink(programs.resolve(program), found);
    }
    Output output =
        Daemon.runUnder(
            List.of("/usr/bin/env", "PATH=" + programs),
            node1,
            "run",
            "--manifests",
            manifests().toString());
    assertRefused(output, 1, "was not found in PATH: install the iptables package");
  }

  private void assertRefused(Output output, int exitCode, String sentence) {
    assertThat(output.exitCode()).as(output.stderr()).isEqualTo(exitCode);
    List<String> said = new ArrayList<>(output.stdout().lines().toList());
    said.addAll(output.stderr().lines().toList());
    assertThat(said).singleElement().asString().contains(sentence);
    assertThat(KernelState.of(node1)).as("nothing was touched").isEqualTo(before());
  }
}
