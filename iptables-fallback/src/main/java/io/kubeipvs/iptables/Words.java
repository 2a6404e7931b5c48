package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a rule line, as {@code iptables-save} writes and {@code iptables-restore} reads
 * them: separated by blanks; double quotes hold a word together, and only inside them a backslash
 * makes the next character an ordinary one. No shell is anywhere near.
 */
final class Words {
  private Words() {}

  /**
   * @param quoted quotes stood around (a part of) it, so that it is a value and never {@code !} or
   *     an option
   */
  record Word(String text, boolean quoted) {
    boolean isNot() {
      return !quoted && text.equals("!");
    }

    boolean isOption() {
      return !quoted && text.length() > 1 && text.charAt(0) == '-';
    }
  }

  static List<Word> split(String line) {
    List<Word> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int i = 0;
    while (i < line.length()) {
      if (isBlank(line.charAt(i))) {
        i++;
        continue;
      }
      word.setLength(0);
      int end = readWord(line, i, word);
      words.add(new Word(word.toString(), hasQuote(line, i, end)));
      i = end;
    }
    return words;
  }

  private static int readWord(String line, int start, StringBuilder word) {
    boolean inQuotes = false;
    int i = start;
    for (; i < line.length() && (inQuotes || !isBlank(line.charAt(i))); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        inQuotes = !inQuotes;
      } else if (inQuotes && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else {
        word.append(c);
      }
    }
    return i;
  }

  private static boolean hasQuote(String line, int start, int end) {
    int i = start;
    while (i < end && line.charAt(i) != '"') {
      i++;
    }
    return i < end;
  }

  /** The line holds an opening quote without its closing one. */
  static boolean endsInQuotes(String line) {
    int quote = line.indexOf('"');
    boolean inQuotes = false;
    for (int i = quote; i >= 0 && i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        inQuotes = !inQuotes;
      } else if (inQuotes && c == '\\') {
        i++;
      }
    }
    return inQuotes;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
  }

  /**
   * As {@code xtables_save_string()} of libxtables: letters, digits, {@code _} and {@code -} stand
   * bare, all else in quotes, with a backslash before {@code "}, {@code \} and {@code '}.
   */
  static void appendQuoted(StringBuilder out, String value) {
    if (isBare(value)) {
      out.append(value);
      return;
    }
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\' || c == '\'') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private static boolean isBare(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!isLetterOrDigit(value.charAt(i)) && value.charAt(i) != '_' && value.charAt(i) != '-') {
        return false;
      }
    }
    return !value.isEmpty();
  }

  static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Names of chains, sets and the like go into rules bare, so they must need no quotes. */
  static void requireName(String kind, String value, int maximumLength) {
    boolean good = !value.isEmpty() && value.length() <= maximumLength && value.charAt(0) != '-';
    for (int i = 0; good && i < value.length(); i++) {
      char c = value.charAt(i);
      good = isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '@';
    }
    if (!good) {
      throw new IllegalArgumentException(
          kind
              + " name '"
              + value
              + "' is not 1 to "
              + maximumLength
              + " letters, digits or _ - . : @");
    }
  }
}
