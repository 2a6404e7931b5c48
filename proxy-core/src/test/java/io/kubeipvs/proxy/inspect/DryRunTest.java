package io.kubeipvs.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.inspect.memory.MemoryKernel;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.KernelText;
import io.kubeipvs.proxy.sync.SyncReport;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over random lives of a cluster: what is foretold comes true. */
class DryRunTest {
  private static final int LIVES = 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void daemonDoesWhatTheDryRunSays(long block) throws IOException {
    for (long seed = block * 1000; seed < block * 1000 + LIVES; seed++) {
      Bench bench = Lives.live(seed);
      Cluster asked = Cluster.of(bench.tracker, "test");
      DryRun dryRun = Lives.dryRun(bench, asked, Lives.binding(seed));

      SyncReport foretold = dryRun.sync(asked);
      SyncReport done = bench.fullSync();

      String where = "seed " + seed;
      assertThat(foretold.failures()).as(where).isEmpty();
      assertThat(foretold.done()).as(where).containsExactlyInAnyOrderElementsOf(done.done());
      KernelState after = dryRun.kernel();
      assertThat(text(after)).as(where).isEqualTo(KernelText.of(bench.kernel.gateways()));
      assertThat(rules(after)).as(where).isEqualTo(rules(FakeGates.read(bench.kernel)));
      assertThat(dryRun.sync(asked).done()).as(where + ", again").isEmpty();
    }
  }

  private static List<String> text(KernelState state) throws IOException {
    return KernelText.of(new MemoryKernel(state, Set.of()).gateways());
  }

  private static Map<AddressFamily, SavedRules> rules(KernelState state) {
    Map<AddressFamily, SavedRules> rules = new EnumMap<>(AddressFamily.class);
    state.rules().value().orElseThrow().forEach(each -> rules.put(each.family(), each.saved()));
    return rules;
  }
}
