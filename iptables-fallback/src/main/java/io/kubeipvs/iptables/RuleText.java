package io.kubeipvs.iptables;

import io.kubeipvs.iptables.Words.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule's text taken apart as far as needed to say when two texts mean one rule: tools of
 * different versions and kinds spell and order things differently, people more so.
 */
final class RuleText {
  private static final List<String> BUILT_INS = List.of("-s", "-d", "-i", "-o", "-p");

  private final Family family;
  private final List<Word> words;
  private final @Nullable String[] builtIns = new @Nullable String[BUILT_INS.size()];
  private final List<Extension> extensions = new ArrayList<>();
  private int next;
  private boolean negated;

  private RuleText(Family family, String text) {
    this.family = family;
    this.words = Words.split(text);
    while (next < words.size()) {
      readPart();
    }
    extensions.forEach(Extension::complete);
  }

  /** Two rules of equal normal form do the same; the comment is part of it. */
  static String normalized(Family family, String text) {
    RuleText rule = new RuleText(family, text);
    rule.extensions.sort((a, b) -> Boolean.compare(b.isComment(), a.isComment()));
    rule.extensions.removeIf(extension -> extension.saysNothing(rule.builtIns));
    return rule.print();
  }

  /** What {@code iptables-save} prints for a rule that was given so. */
  static String printed(Family family, String text) {
    return new RuleText(family, text).print();
  }

  static boolean sameMeaning(Family family, String a, String b) {
    return a.equals(b) || normalized(family, a).equals(normalized(family, b));
  }

  /** The chain or target behind {@code -j} or {@code -g}; empty where there is none. */
  static String target(String text) {
    List<Word> words = Words.split(text);
    for (int i = 0; i + 1 < words.size(); i++) {
      Word word = words.get(i);
      if (word.text().equals("--comment")) {
        i++;
      } else if (!word.quoted() && (word.text().equals("-j") || word.text().equals("-g"))) {
        return words.get(i + 1).text();
      }
    }
    return "";
  }

  private void readPart() {
    Word word = words.get(next++);
    if (word.isNot()) {
      negated = true;
      return;
    }
    String option = word.isOption() ? shortOption(word.text()) : word.text();
    int builtIn = BUILT_INS.indexOf(option);
    if (builtIn >= 0) {
      builtIns[builtIn] = readBuiltIn(option);
    } else if (option.equals("-m") || option.equals("-j") || option.equals("-g")) {
      extensions.add(new Extension(family, option, nextValue()));
    } else if (word.isOption() && !extensions.isEmpty()) {
      last(extensions).options.add(new ExtensionOption(option, negated));
      readValues(last(last(extensions).options));
    }
    negated = false;
  }

  private static String shortOption(String option) {
    return switch (option) {
      case "--source", "--src" -> "-s";
      case "--destination", "--dst" -> "-d";
      case "--in-interface" -> "-i";
      case "--out-interface" -> "-o";
      case "--protocol", "--proto" -> "-p";
      case "--match" -> "-m";
      case "--jump" -> "-j";
      case "--goto" -> "-g";
      default -> option;
    };
  }

  private @Nullable String readBuiltIn(String option) {
    String value = nextValue();
    String canonical =
        switch (option) {
          case "-s", "-d" -> network(value);
          case "-p" -> protocol(value);
          default -> value;
        };
    return canonical.isEmpty() ? null : (negated ? "! " : "") + option + " " + canonical;
  }

  /** The next word, whatever it looks like; {@code -s ! X} is an old spelling of {@code ! -s X}. */
  private String nextValue() {
    if (next + 1 < words.size() && words.get(next).isNot()) {
      negated = true;
      next++;
    }
    return next < words.size() ? words.get(next++).text() : "";
  }

  private void readValues(ExtensionOption option) {
    if (option.takesAnyText() && next < words.size()) {
      option.values.add(words.get(next++).text());
      return;
    }
    if (next + 1 < words.size() && words.get(next).isNot() && !words.get(next + 1).isOption()) {
      option.negated = true;
      next++;
    }
    while (next < words.size() && !words.get(next).isNot() && !words.get(next).isOption()) {
      option.values.add(words.get(next++).text());
    }
  }

  private String network(String value) {
    try {
      Cidr cidr = Cidr.parse(value);
      return cidr.isEverything() ? "" : cidr.toString();
    } catch (IllegalArgumentException e) {
      return value; // a mask with holes, or a name: compared as it stands
    }
  }

  private static String protocol(String value) {
    return switch (value) {
      case "0", "all" -> "";
      case "6" -> "tcp";
      case "17" -> "udp";
      case "132" -> "sctp";
      default -> Words.lowerCase(value);
    };
  }

  private String print() {
    StringBuilder out = new StringBuilder(128);
    for (String builtIn : builtIns) {
      if (builtIn != null) {
        out.append(builtIn).append(' ');
      }
    }
    for (Extension extension : extensions) {
      extension.appendTo(out);
      out.append(' ');
    }
    out.setLength(Math.max(0, out.length() - 1));
    return out.toString();
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  /** {@code -m mark ! --mark 0x4000/0x4000}, {@code -j MASQUERADE --random-fully}. */
  private static final class Extension {
    private final Family family;
    private final String flag;
    private final String name;
    private final List<ExtensionOption> options = new ArrayList<>();

    Extension(Family family, String flag, String name) {
      this.family = family;
      this.flag = flag;
      this.name = name;
    }

    boolean isComment() {
      return flag.equals("-m") && name.equals("comment");
    }

    /** {@code -p tcp -m tcp}: newer nft variants drop the second when it has no option. */
    boolean saysNothing(@Nullable String[] builtIns) {
      return flag.equals("-m") && options.isEmpty() && ("-p " + name).equals(builtIns[4]);
    }

    void appendTo(StringBuilder out) {
      out.append(flag).append(' ').append(name);
      for (ExtensionOption option : options) {
        out.append(' ');
        option.appendTo(out, this);
      }
    }

    /** Adds what the tools print although nobody gave it. */
    void complete() {
      if (flag.equals("-j") && name.equals("REJECT") && options.isEmpty()) {
        add(0, "--reject-with", family.portUnreachable());
      } else if (flag.equals("-m") && name.equals("recent")) {
        if (indexOf("--rsource") < 0 && indexOf("--rdest") < 0) {
          add(options.size(), "--rsource");
        }
        if (indexOf("--mask") < 0) {
          add(Math.max(indexOf("--rsource"), indexOf("--rdest")), "--mask", family.hostMask());
        }
      }
    }

    private void add(int at, String option, String... values) {
      ExtensionOption added = new ExtensionOption(option, false);
      added.values.addAll(List.of(values));
      options.add(at, added);
    }

    private int indexOf(String option) {
      int i = options.size() - 1;
      while (i >= 0 && !options.get(i).name.equals(option)) {
        i--;
      }
      return i;
    }
  }

  private static final class ExtensionOption {
    private final String name;
    private boolean negated;
    private final List<String> values = new ArrayList<>();

    ExtensionOption(String name, boolean negated) {
      this.name = name;
      this.negated = negated;
    }

    boolean takesAnyText() {
      return name.equals("--comment") || name.endsWith("-prefix") || name.equals("--string");
    }

    void appendTo(StringBuilder out, Extension of) {
      out.append(negated ? "! " : "");
      String value = values.isEmpty() ? "" : values.get(0);
      if (of.name.equals("MARK") && of.flag.equals("-j")) {
        out.append(OptionValue.setXmark(name, value));
      } else if (takesAnyText()) {
        Words.appendQuoted(out.append(name).append(' '), value);
      } else {
        out.append(OptionValue.modernName(name));
        values.forEach(v -> out.append(' ').append(OptionValue.canonical(name, v)));
      }
    }
  }
}
