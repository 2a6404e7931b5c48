package io.kubeipvs.proxy.inspect.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Lives;
import io.kubeipvs.proxy.inspect.Owners;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.sync.Bench;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsRefusedTest {
  private static final long SEED = 1003;

  @Test
  void whatTheKernelWouldRefuseMakesThePlanIncompleteAndIsSaid() throws IOException {
    List<String> remarks = new ArrayList<>();
    for (long seed = SEED; seed < SEED + 8; seed++) {
      Steps steps = withoutScheduler(seed);
      assertThat(steps.incomplete())
          .isEqualTo(steps.remarks().stream().anyMatch(each -> !each.startsWith("left out: ")));
      assertThat(steps.incomplete() && steps.nothingToDo()).isFalse();
      remarks.addAll(steps.remarks());
    }
    assertThat(remarks)
        .anyMatch(remark -> remark.matches("the kernel would refuse: ipvsadm -A .*: ENOENT"))
        .anyMatch(remark -> remark.startsWith("held back: "));
  }

  private static Steps withoutScheduler(long seed) throws IOException {
    Bench bench = Lives.live(seed);
    Cluster asked = Cluster.of(bench.tracker, "test");
    Running noScheduler = new Running(List.of(), List.of(Scheduler.ROUND_ROBIN));
    return Steps.of(
        Lives.dryRun(bench, asked, Lives.binding(seed), noScheduler), asked, Owners.NOBODY);
  }

  @Test
  void aPlanThatCanBeCarriedOutIsComplete() throws IOException {
    Bench bench = Lives.live(SEED);
    Cluster asked = Cluster.of(bench.tracker, "test");

    Steps steps = Steps.of(Lives.dryRun(bench, asked, Lives.binding(SEED)), asked, Owners.NOBODY);

    assertThat(steps.forward()).isNotEmpty();
    assertThat(steps.incomplete()).isFalse();
  }
}
