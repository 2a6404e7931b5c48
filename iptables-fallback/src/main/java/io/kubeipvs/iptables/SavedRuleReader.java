package io.kubeipvs.iptables;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.iptables.Words.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes one rule's text apart; used once. */
final class SavedRuleReader {
  private final String text;
  private final List<Word> words;
  private final OpenPart own = new OpenPart("");
  private final List<OpenPart> extensions = new ArrayList<>();
  private final OpenPart ofTarget = new OpenPart("");
  private OpenPart current = own;
  private @Nullable String target;
  private boolean isGoto;
  private boolean negated;
  private int next;

  private static final class OpenPart {
    private final String name;
    private final List<RuleOption> options = new ArrayList<>();

    OpenPart(String name) {
      this.name = name;
    }
  }

  SavedRuleReader(String text) {
    this.text = text;
    this.words = Words.split(text);
  }

  SavedRule read() {
    while (next < words.size()) {
      readOption(words.get(next++));
    }
    List<Part> parts = new ArrayList<>();
    if (!own.options.isEmpty()) {
      parts.add(new Part("", own.options));
    }
    extensions.forEach(each -> parts.add(new Part(each.name, each.options)));
    return new SavedRule(text, parts, Optional.ofNullable(target), isGoto, ofTarget.options);
  }

  private void readOption(Word word) {
    if (word.isNot()) {
      negated = true;
      return;
    }
    switch (word.text()) {
      case "-m" -> {
        current = new OpenPart(nextText());
        extensions.add(current);
      }
      case "-j", "-g" -> {
        isGoto = word.text().equals("-g");
        target = nextText();
        current = ofTarget;
      }
      case "-s", "-d", "-i", "-o", "-p", "-f" -> own.options.add(option(word.text()));
      default -> current.options.add(option(word.text()));
    }
    negated = false;
  }

  private RuleOption option(String name) {
    List<String> values = new ArrayList<>();
    boolean anyText = name.equals("--comment") || name.endsWith("-prefix");
    if (anyText && next < words.size()) {
      values.add(nextText());
    }
    while (!anyText && next < words.size() && isValue(words.get(next))) {
      values.add(nextText());
    }
    return new RuleOption(name, negated, values);
  }

  private static boolean isValue(Word word) {
    return !word.isNot() && !word.isOption();
  }

  private String nextText() {
    return next < words.size() ? words.get(next++).text() : "";
  }
}
