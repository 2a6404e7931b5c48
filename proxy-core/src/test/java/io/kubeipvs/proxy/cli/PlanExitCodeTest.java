package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.inspect.steps.Step;
import io.kubeipvs.proxy.inspect.steps.Steps;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanExitCodeTest {
  private static final List<Step> SOME = List.of(new Step.Rules(AddressFamily.IPV4, "", "wanted"));
  private static final List<String> REFUSED = List.of("the kernel would refuse: x");

  @Test
  void nothingToDoIsZero() {
    assertThat(PlanCommand.exitCode(new Steps(List.of(), List.of(), List.of()), false)).isZero();
  }

  @Test
  void stepsAreTwo() {
    assertThat(PlanCommand.exitCode(new Steps(SOME, SOME, List.of()), false)).isEqualTo(2);
    assertThat(PlanCommand.exitCode(new Steps(SOME, SOME, List.of()), true)).isEqualTo(2);
  }

  @Test
  void whereEverythingIsRefusedItIsTwoAsWell() {
    Steps refused = new Steps(List.of(), List.of(), REFUSED, true);

    assertThat(PlanCommand.exitCode(refused, false)).isEqualTo(2);
    assertThat(PlanCommand.exitCode(refused, true)).as("nothing to take back").isZero();
  }
}
