package io.kubeipvs.proxy.explain;

import io.kubeipvs.proxy.explain.Explanation.ServerName;
import io.kubeipvs.proxy.inspect.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An explanation for people. */
public final class ExplanationText {
  private final Explanation explanation;
  private final boolean wide;
  private final StringBuilder out = new StringBuilder();

  private ExplanationText(Explanation explanation, boolean wide) {
    this.explanation = explanation;
    this.wide = wide;
  }

  /**
   * The whole answer, step by step.
   *
   * @param wide with every way in full, also where ways begin alike
   */
  public static String of(Explanation explanation, boolean wide) {
    return new ExplanationText(explanation, wide).text();
  }

  /** The question and what comes of it, in one line. */
  public static String line(Explanation explanation) {
    Question question = explanation.question();
    List<String> ends = new ArrayList<>();
    for (Outcome outcome : explanation.outcomes()) {
      ends.add(share(outcome) + end(outcome) + (outcome.isCertain() ? "" : " (maybe)"));
    }
    return Words.plain(
        question.clientText()
            + " -> "
            + question.destinationText()
            + ": "
            + String.join("; ", ends));
  }

  private String text() {
    line("from   " + explanation.from());
    line("to     " + explanation.question().destinationText() + owner());
    explanation.owner().ifPresent(this::remarks);
    out.append('\n');
    ways().values().forEach(this::verdict);
    out.append('\n');
    steps();
    section("settings of the kernel that matter here", settings());
    section("the kernel is not as the cluster asks for", explanation.disagreements());
    section("also", explanation.notes());
    return out.toString();
  }

  private String owner() {
    return explanation
        .owner()
        .map(
            owner ->
                ", " + owner.kind() + " of " + (owner.service().isEmpty() ? "?" : owner.service()))
        .orElse(", no Service's");
  }

  private void remarks(Owner owner) {
    line("       " + owner.why());
    owner.remarks().forEach(remark -> line("       " + remark));
  }

  /** Those that differ in the server alone are one. */
  private Map<String, List<Outcome>> ways() {
    Map<String, List<Outcome>> ways = new LinkedHashMap<>();
    for (Outcome outcome : explanation.outcomes()) {
      ways.computeIfAbsent(headline(outcome), any -> new ArrayList<>()).add(outcome);
    }
    return ways;
  }

  private static String headline(Outcome outcome) {
    Fate fate = outcome.fate();
    String doubt = outcome.isCertain() ? "" : "maybe ";
    if (fate instanceof Fate.Delivered) {
      return doubt + "delivered, " + seen(outcome);
    }
    return doubt + end(outcome);
  }

  private static String seen(Outcome outcome) {
    String seenAs = outcome.seenAs().map(Object::toString).orElse("an address of this node");
    return outcome.masquerade().isPresent()
        ? "masqueraded: the server sees " + seenAs
        : "not masqueraded: the server sees " + seenAs;
  }

  private static String end(Outcome outcome) {
    Fate fate = outcome.fate();
    if (fate instanceof Fate.Delivered to) {
      return to.server().withPort(to.port()) + ", " + seen(outcome);
    }
    if (fate instanceof Fate.HostSocket host) {
      return "given to a program of this host at " + host.address().withPort(host.port());
    }
    if (fate instanceof Fate.Forwarded to) {
      return "sent on to "
          + to.destination().withPort(to.port())
          + (to.device().isEmpty() ? "" : " by " + to.device())
          + (outcome.masquerade().isPresent() ? ", masqueraded" : "");
    }
    if (fate instanceof Fate.Refused refused) {
      return "refused with " + refused.answer() + " by " + refused.by();
    }
    if (fate instanceof Fate.Dropped dropped) {
      return "dropped by " + dropped.by();
    }
    return "not known: " + ((Fate.Unknown) fate).why();
  }

  private void verdict(List<Outcome> alike) {
    Outcome first = alike.get(0);
    double share = alike.stream().mapToDouble(Outcome::share).sum();
    boolean some = first.isCertain() && share < 0.9995;
    line((some ? percent(share) + " " : "") + headline(first));
    if (first.fate() instanceof Fate.Delivered) {
      alike.forEach(this::server);
    } else if (!first.steps().isEmpty()) {
      Step last = first.steps().get(first.steps().size() - 1);
      last.because().forEach(why -> line("  because " + why));
    }
    alike.stream()
        .flatMap(each -> each.doubts().stream())
        .distinct()
        .forEach(doubt -> line("  assumed: " + doubt));
    alike.stream()
        .map(Outcome::caution)
        .filter(text -> !text.isEmpty())
        .distinct()
        .forEach(caution -> line("  caution: " + caution));
  }

  private void server(Outcome outcome) {
    Fate.Delivered to = (Fate.Delivered) outcome.fate();
    String server = to.server().withPort(to.port());
    Optional<ServerName> name =
        explanation.servers().stream().filter(each -> each.server().equals(server)).findFirst();
    String pod = name.map(ServerName::pod).filter(text -> !text.isEmpty()).orElse("");
    String node = name.map(ServerName::node).filter(text -> !text.isEmpty()).orElse("");
    line(
        "  "
            + (outcome.isCertain() ? percent(outcome.share()) : "  maybe")
            + "  "
            + server
            + (pod.isEmpty() ? "" : "  " + pod)
            + (node.isEmpty() ? "" : "  on " + node)
            + (to.local() ? "  a socket of this host" : ""));
  }

  private static String share(Outcome outcome) {
    return outcome.share() > 0.9995 ? "" : percent(outcome.share()).strip() + " ";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%5.1f %%", share * 100);
  }

  // How.

  private void steps() {
    List<Step> former = List.of();
    for (List<Outcome> alike : ways().values()) {
      List<Outcome> shown = wide ? alike : alike.subList(0, 1);
      for (Outcome outcome : shown) {
        int common = wide ? 0 : common(former, outcome.steps());
        line(
            former.isEmpty()
                ? "how"
                : "or, " + end(outcome) + (common > 0 ? ", from step " + (common + 1) : ""));
        for (int i = common; i < outcome.steps().size(); i++) {
          step(i + 1, outcome.steps().get(i));
        }
        former = outcome.steps();
      }
    }
  }

  private static int common(List<Step> one, List<Step> other) {
    int same = 0;
    while (same < one.size() && same < other.size() && one.get(same).equals(other.get(same))) {
      same++;
    }
    return same;
  }

  private void step(int number, Step step) {
    line(String.format(Locale.ROOT, "%3d  %s: %s", number, step.place(), step.what()));
    if (!step.evidence().isEmpty()) {
      line("       " + step.evidence());
    }
    step.because().forEach(why -> line("       because " + why));
  }

  private List<String> settings() {
    return explanation.settings().stream()
        .map(each -> each.name() + " = " + each.value() + "; " + each.effect())
        .toList();
  }

  private void section(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      out.append('\n');
      line(title);
      lines.forEach(each -> line("  " + each));
    }
  }

  private void line(String text) {
    out.append(Words.plain(text.stripTrailing())).append('\n');
  }
}
