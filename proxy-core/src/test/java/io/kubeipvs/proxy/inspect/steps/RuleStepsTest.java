package io.kubeipvs.proxy.inspect.steps;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.Objects;
import io.kubeipvs.proxy.inspect.Owners;
import io.kubeipvs.proxy.inspect.RuleLives;
import io.kubeipvs.proxy.plan.iptables.ServiceChains;
import io.kubeipvs.proxy.sync.FakeKernel;
import io.kubeipvs.proxy.sync.KernelText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sync does in iptables mode, over random lives of a cluster. */
class RuleStepsTest {
  private static final int LIVES = 25;

  private final RuleLives life = RuleLives.fresh();

  private static Steps steps(RuleLives life) throws IOException {
    return Steps.of(life.dryRun(), life.asked(), Owners.NOBODY);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void stepsMakeTheKernelWhatASyncWouldAndUndoTakesThemBack(long block) throws IOException {
    for (long seed = block * 1000; seed < block * 1000 + LIVES; seed++) {
      RuleLives lived = RuleLives.live(seed);
      String where = "seed " + seed;
      List<String> before = text(lived.kernel());

      Steps steps = steps(lived);
      StepsTest.carryOut(steps.forward(), lived.kernel());

      assertThat(steps(lived).forward()).as(where + ", nothing is left to do").isEmpty();

      StepsTest.carryOut(steps.undo(), lived.kernel());

      assertThat(text(lived.kernel())).as(where + ", undone").isEqualTo(before);
    }
  }

  /** What is beyond 10 kB of a line the tools take for a command. */
  @Test
  void noReasonIsLongerThanTheToolsRead() throws IOException {
    life.tracker().service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    life.tracker().slice(slice("web", Protocol.TCP, "10.1.0.1"));
    life.tracker().listed();
    life.sync();
    String[] many = IntStream.range(1, 250).mapToObj(i -> "10.1.0." + i).toArray(String[]::new);
    life.tracker().slice(slice("web", Protocol.TCP, many));

    String text = String.join("\n", steps(life).forward().stream().map(Object::toString).toList());

    assertThat(text).contains("10.1.0.99");
    for (Step step : steps(life).forward()) {
      if (step instanceof Step.Rules rules) {
        assertThat(rules.text().lines()).allMatch(line -> line.length() < 2500);
      }
    }
  }

  private static List<String> text(FakeKernel kernel) throws IOException {
    List<String> lines = KernelText.of(kernel.gateways());
    lines.addAll(sorted(kernel.iptables.saveText()));
    lines.addAll(sorted(kernel.ip6tables.saveText()));
    return lines;
  }

  /** Rules of one chain in their order, chains by name; tables that came into being stay, empty. */
  private static List<String> sorted(String saved) {
    List<String> lines =
        saved.lines().filter(line -> line.startsWith("-A") || line.matches(":.* - .*")).toList();
    return lines.stream().sorted((a, b) -> key(a).compareTo(key(b))).toList();
  }

  private static String key(String line) {
    return line.startsWith("-A") ? line.split(" ", 3)[1] : line;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eachChainAndRuleOfAServiceSaysWhoseItIsAndWhy(long seed) throws IOException {
    RuleLives lived = RuleLives.live(seed);
    for (Step step : steps(lived).forward()) {
      if (step instanceof Step.Rules rules) {
        assertThat(rules.parts()).isNotEmpty();
        for (Step.Part part : rules.parts()) {
          boolean ofService = ServiceChains.isOfService(part.what().split(" ", -1)[1]);
          assertThat(part.reason()).as(part.what()).isNotBlank();
          assertThat(part.reason().contains("Service ") || !ofService).as(part.toString()).isTrue();
        }
      }
    }
  }

  // Single changes of one Service.

  @BeforeEach
  void serve() throws IOException {
    serve("10.1.0.1", "10.1.0.2");
    life.tracker().listed();
    life.sync();
  }

  private void serve(String... endpoints) {
    life.tracker().service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    life.tracker().slice(slice("web", Protocol.TCP, endpoints));
  }

  private List<String> reasons() throws IOException {
    return steps(life).forward().stream()
        .map(step -> (Step.Rules) step)
        .flatMap(rules -> rules.parts().stream())
        .map(part -> part.what().replaceAll("-[A-Z2-7]{16}", "-*") + ": " + part.reason())
        .toList();
  }

  @Test
  void aNewEndpointIsNamedInItsChainAndInTheServices() throws IOException {
    serve("10.1.0.1", "10.1.0.2", "10.1.0.3");

    assertThat(reasons())
        .containsExactlyInAnyOrder(
            "nat KUBE-SEP-*: endpoint on node2 of Service default/web: ready",
            "nat KUBE-SVC-*: Service default/web: + 10.1.0.3:8080, endpoint on node2 of Service"
                + " default/web: ready");
  }

  @Test
  void anEndpointThatIsGoneIsSaidToBe() throws IOException {
    serve("10.1.0.1");

    assertThat(reasons())
        .containsExactlyInAnyOrder(
            "nat KUBE-SVC-*: Service default/web: - 10.1.0.2:8080, no endpoint of Service"
                + " default/web any more",
            "nat -X KUBE-SEP-*: no endpoint of Service default/web any more");
  }

  @Test
  void aServiceWithoutEndpointsIsRefusedAndLosesItsChains() throws IOException {
    life.tracker().sliceDeleted(slice("web", Protocol.TCP).name());

    assertThat(reasons())
        .anyMatch(line -> line.endsWith(": Service default/web: has no endpoints"))
        .anyMatch(line -> line.endsWith(": Service default/web no longer: cluster IP"))
        .contains("nat -X KUBE-SVC-*: Service default/web has no use for it (endpoints anywhere)");
  }

  @Test
  void whatIsLeftOfAServiceThatIsGoneNamesIt() throws IOException {
    life.tracker().serviceDeleted(Objects.name("web"));
    life.tracker().sliceDeleted(slice("web", Protocol.TCP).name());

    assertThat(reasons()).isNotEmpty();
    assertThat(reasons())
        .allMatch(line -> line.endsWith(": no Service asks for it; Service default/web did"));
  }

  @Test
  void theReasonStandsInTheInputAsAComment() throws IOException {
    serve("10.1.0.1");
    Steps steps = steps(life);

    String script = new Script(Map.of()).text(steps.forward(), List.of());

    assertThat(script)
        .startsWith("iptables-restore --noflush <<'END_OF_RULES'  # for Service default/web: ")
        .contains("\n# no endpoint of Service default/web any more\n-X KUBE-SEP-");
    assertThat(Plan.of(OLD, "test", steps, false, new Script(Map.of())).steps().get(0).parts())
        .hasSize(2);
  }

  /** What is to be done is not what a comment makes of it. */
  @Test
  void commentsChangeNothing() throws IOException {
    serve("10.1.0.1");
    Step.Rules step = (Step.Rules) steps(life).forward().get(0);

    String without = step.text().replaceAll("(?m)^#.*\n", "");
    life.kernel().iptables.restoreText(without);

    assertThat(steps(life).forward()).isEmpty();
  }
}
