package io.kubeipvs.proxy.check.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubeipvs.iptables.Namespace;
import io.kubeipvs.iptables.ToolOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules of both kinds of iptables in one kernel. Needs root, and a kernel with both kinds. */
@Tag("nft")
final class RuleKindsKernelIT {

  @Test
  void bothKindsAreReadAndNeitherIsTakenForTheOther() throws Exception {
    try (Namespace namespace = Namespace.create()) {
      assumeTrue(nftWorks(namespace), "the nft tools do not work with this kernel");
      namespace.run("", "iptables-nft", "-A", "FORWARD", "-s", "192.0.2.1", "-j", "DROP");
      namespace.run("", "iptables-nft", "-A", "FORWARD", "-s", "192.0.2.2", "-j", "DROP");
      namespace.run("", "iptables-legacy", "-A", "FORWARD", "-s", "192.0.2.3", "-j", "DROP");
      Rules rules =
          new RuleReader(Path.of("/"), ToolOptions.DEFAULT.withCommandPrefix(namespace.prefix()))
              .read();
      assertThat(rules.chosen()).isEqualTo("iptables-nft");
      assertThat(counts(rules, false)).isEqualTo(2);
      assertThat(counts(rules, true)).isEqualTo(1);
    }
  }

  private static int counts(Rules rules, boolean legacy) {
    List<Rules.View> views =
        rules.views().stream().filter(view -> view.isLegacy() == legacy).toList();
    return views.stream().mapToInt(view -> view.saved().ruleCount()).sum();
  }

  /** As in user-mode Linux, where the legacy tools stand under the names of the nft ones. */
  private static boolean nftWorks(Namespace namespace) throws InterruptedException {
    try {
      return namespace.run("", "iptables-nft", "--version").contains("nf_tables")
          && namespace.run("", "iptables-nft", "-S").contains("-P OUTPUT");
    } catch (IOException e) {
      return false;
    }
  }
}
