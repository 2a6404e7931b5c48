package io.kubeipvs.iptables;

import java.util.List;
import java.util.Optional;

/**
 * A rule that {@code iptables-save} shows, taken apart into words; what they mean is for the reader
 * to know. Nothing is left out, so a reader can tell what it does not understand.
 *
 * @param text as the tool prints it, behind {@code -A CHAIN}
 * @param parts the conditions in their order; those without an extension ({@code -s}, {@code -p})
 *     are one part with an empty name
 * @param target a chain or a target; empty for a rule that only counts
 * @param isGoto {@code -g}: the chain's end does not lead back here
 */
public record SavedRule(
    String text,
    List<Part> parts,
    Optional<String> target,
    boolean isGoto,
    List<RuleOption> targetOptions) {

  public SavedRule {
    parts = List.copyOf(parts);
    targetOptions = List.copyOf(targetOptions);
  }

  /**
   * What one extension asks for.
   *
   * @param name of the extension ({@code set}); empty for the tool's own options
   */
  public record Part(String name, List<RuleOption> options) {
    public Part {
      options = List.copyOf(options);
    }

    public Optional<RuleOption> option(String option) {
      return options.stream().filter(each -> each.name().equals(option)).findFirst();
    }
  }

  /**
   * An option and its words.
   *
   * @param name as printed: {@code --match-set}
   * @param negated a {@code !} stands before it
   */
  public record RuleOption(String name, boolean negated, List<String> values) {
    public RuleOption {
      values = List.copyOf(values);
    }

    /** The first word; empty where there is none. */
    public String value() {
      return values.isEmpty() ? "" : values.get(0);
    }
  }

  public static SavedRule parse(String text) {
    return new SavedRuleReader(text).read();
  }

  /** What a target was given: {@code --to-destination}. */
  public Optional<RuleOption> targetOption(String option) {
    return targetOptions.stream().filter(each -> each.name().equals(option)).findFirst();
  }

  /** The rule's comment; empty where it has none. */
  public String comment() {
    return parts.stream()
        .filter(part -> part.name().equals("comment"))
        .flatMap(part -> part.options().stream())
        .map(RuleOption::value)
        .findFirst()
        .orElse("");
  }
}
