package io.kubeipvs.ipvs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Options with their arguments, split the way {@code popt(3)} does it for {@code ipvsadm}. */
final class IpvsadmArguments {
  /** The exit code of {@code ipvsadm} where an option cannot be read at all. */
  private static final int UNREADABLE = 255;

  private final List<Given> options = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final List<String> words;
  private int next;

  /**
   * An option as it was given.
   *
   * @param word the word it stands in, for errors
   * @param argument empty when it has none
   */
  record Given(IpvsadmOption option, String word, String argument) {}

  private IpvsadmArguments(List<String> words) {
    this.words = words;
  }

  static IpvsadmArguments parse(List<String> words) throws IpvsadmUsageException {
    IpvsadmArguments arguments = new IpvsadmArguments(words);
    while (arguments.next < words.size()) {
      arguments.word(words.get(arguments.next++));
    }
    return arguments;
  }

  List<Given> options() {
    return options;
  }

  /** Words that are neither options nor their arguments. */
  List<String> others() {
    return others;
  }

  private void word(String word) throws IpvsadmUsageException {
    if (word.startsWith("--") && word.length() > 2) {
      longOption(word);
    } else if (word.startsWith("-") && word.length() > 1) {
      letters(word);
    } else {
      others.add(word);
    }
  }

  private void longOption(String word) throws IpvsadmUsageException {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    IpvsadmOption option = known(IpvsadmOption.ofLongName(name), word);
    String rest = equals < 0 ? "" : word.substring(equals + 1);
    options.add(new Given(option, word, argument(option, word, rest)));
  }

  /** {@code -Ln}, {@code -t10.0.0.1:80}. */
  private void letters(String word) throws IpvsadmUsageException {
    for (int i = 1; i < word.length(); i++) {
      IpvsadmOption option = known(IpvsadmOption.ofLetter(word.charAt(i)), word);
      boolean takesRest = option.argument() != IpvsadmOption.Argument.NONE;
      String rest = takesRest ? word.substring(i + 1) : "";
      options.add(new Given(option, word, argument(option, word, rest)));
      if (takesRest) {
        return;
      }
    }
  }

  private static IpvsadmOption known(Optional<IpvsadmOption> option, String word)
      throws IpvsadmUsageException {
    return option.orElseThrow(
        () -> new IpvsadmUsageException(word + ": unknown option", UNREADABLE));
  }

  private String argument(IpvsadmOption option, String word, String rest)
      throws IpvsadmUsageException {
    if (!rest.isEmpty() || option.argument() == IpvsadmOption.Argument.NONE) {
      return rest;
    }
    if (option.argument() == IpvsadmOption.Argument.OPTIONAL) {
      boolean follows = next < words.size() && !words.get(next).startsWith("-");
      return follows ? words.get(next++) : "";
    }
    if (next == words.size()) {
      throw new IpvsadmUsageException(word + ": missing argument", UNREADABLE);
    }
    return words.get(next++);
  }
}
