package io.kubeipvs.proxy.inspect.steps;

import java.time.Instant;
import java.util.List;

/**
 * What {@code plan} prints in JSON.
 *
 * @param origin where what the cluster asks for was read
 * @param undo whether these steps take a sync back
 * @param incomplete whether the sync would leave undone what is wanted; remarks say why
 */
public record Plan(
    Instant taken,
    String origin,
    boolean undo,
    boolean incomplete,
    List<Line> steps,
    List<String> remarks) {
  public Plan {
    steps = List.copyOf(steps);
    remarks = List.copyOf(remarks);
  }

  /**
   * A step.
   *
   * @param input what the command reads; empty for most
   * @param parts what of the input is whose, and why; in iptables mode
   */
  public record Line(String command, String input, String reason, List<Step.Part> parts) {
    public Line {
      parts = List.copyOf(parts);
    }

    static Line of(Step step, Script script) {
      String input = step instanceof Step.Rules rules ? rules.text() : "";
      List<Step.Part> parts = step instanceof Step.Rules rules ? rules.parts() : List.of();
      return new Line(script.command(step), input, step.reason(), parts);
    }
  }

  public static Plan of(Instant taken, String origin, Steps steps, boolean undo, Script script) {
    List<Step> chosen = undo ? steps.undo() : steps.forward();
    return new Plan(
        taken,
        origin,
        undo,
        steps.incomplete(),
        chosen.stream().map(step -> Line.of(step, script)).toList(),
        steps.remarks());
  }
}
