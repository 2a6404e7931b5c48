package io.kubeipvs.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Whatever the bytes are, reading them gives objects and problems, and nothing else. */
class ManifestFuzzTest {
  private static final String INTERESTING = "{}[]:,&*!|>'\"%@`-?#~\n\t 0-.\u0000\u00e9<&a";

  @RepeatedTest(300)
  void damagedManifestsAreReadToTheirEndOrRefused(RepetitionInfo repetition) throws IOException {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] bytes = original(random);
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] = damage(random);
    }
    Manifest manifest = ManifestReader.read("fuzz.yaml", bytes);
    if (!manifest.readable()) {
      assertThat(manifest.problems()).hasSize(1);
      assertThat(manifest.services()).isEmpty();
    }
    manifest
        .problems()
        .forEach(problem -> assertThat(problem.toString()).matches("fuzz\\.yaml: \\P{Cntrl}+"));
  }

  private static byte damage(Random random) {
    return random.nextBoolean()
        ? (byte) INTERESTING.charAt(random.nextInt(INTERESTING.length()))
        : (byte) random.nextInt(256);
  }

  private static byte[] original(Random random) throws IOException {
    String[] scenarios = {"33-dualstack-loadbalancer", "32e-topology-hints-etp-local", "11-sctp"};
    String name = scenarios[random.nextInt(scenarios.length)];
    try (InputStream in =
        Objects.requireNonNull(
            ManifestFuzzTest.class.getResourceAsStream(
                "/golden/kube-proxy-1.30-ipvs/" + name + "/manifest.yaml"))) {
      return in.readAllBytes();
    }
  }
}
