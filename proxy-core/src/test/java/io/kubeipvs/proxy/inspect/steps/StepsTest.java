package io.kubeipvs.proxy.inspect.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.diff.Batch;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Lives;
import io.kubeipvs.proxy.inspect.Owners;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.state.Footprint;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.FakeKernel;
import io.kubeipvs.proxy.sync.KernelText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over random lives of a cluster. */
class StepsTest {
  private static final int LIVES = 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void stepsMakeTheKernelWhatASyncWouldAndUndoTakesThemBack(long block) throws IOException {
    for (long seed = block * 1000; seed < block * 1000 + LIVES; seed++) {
      Bench bench = Lives.live(seed);
      String where = "seed " + seed;
      Cluster asked = Cluster.of(bench.tracker, "test");
      DryRun dryRun = Lives.dryRun(bench, asked, Lives.binding(seed));
      List<String> before = text(bench.kernel);

      Steps steps = Steps.of(dryRun, asked, Owners.NOBODY);
      carryOut(steps.forward(), bench.kernel);

      assertThat(Steps.of(Lives.dryRun(bench, asked, Lives.binding(seed)), asked, Owners.NOBODY))
          .as(where + ", nothing is left to do")
          .isEqualTo(new Steps(List.of(), List.of(), steps.remarks()));

      carryOut(steps.undo(), bench.kernel);

      assertThat(text(bench.kernel)).as(where + ", undone").isEqualTo(before);
    }
  }

  private static List<String> text(FakeKernel kernel) throws IOException {
    List<String> lines = KernelText.of(kernel.gateways());
    lines.addAll(sortedChains(kernel.iptables.saveText()));
    lines.addAll(sortedChains(kernel.ip6tables.saveText()));
    return lines;
  }

  /** Tables that came into being stay, empty; so only what is in them counts. */
  private static List<String> sortedChains(String saved) {
    return saved.lines().filter(line -> line.startsWith("-A") || line.matches(":.* - .*")).toList();
  }

  /** One by one, as a shell would. */
  static void carryOut(List<Step> steps, FakeKernel kernel) throws IptablesException {
    Executor executor = new Executor(kernel.gateways());
    for (Step step : steps) {
      if (step instanceof Step.Rules rules) {
        (rules.family() == AddressFamily.IPV4 ? kernel.iptables : kernel.ip6tables)
            .restoreText(rules.text());
      } else if (step instanceof Step.Act act) {
        var report = executor.apply(new Batch(List.of(act.operation()), new Footprint()));
        assertThat(report.failures()).as(step.toString()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 1001, 1002, 1003, 1004})
  void eachStepHasAReasonAndIsACommandOfAKnownTool(long seed) throws IOException {
    Bench bench = Lives.live(seed);
    Cluster asked = Cluster.of(bench.tracker, "test");

    Steps steps = Steps.of(Lives.dryRun(bench, asked, Lives.binding(seed)), asked, Owners.NOBODY);

    Script script = new Script(Map.of(AddressFamily.IPV6, "ip6tables-nft"));
    for (Step step : steps.forward()) {
      assertThat(step.reason()).isNotBlank();
      assertThat(script.text(step).lines().findFirst().orElseThrow())
          .matches("(ipvsadm|ipset|ip|iptables-restore|ip6tables-nft-restore|conntrack) .*  # .+");
    }
  }
}
