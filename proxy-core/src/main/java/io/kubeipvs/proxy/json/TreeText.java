package io.kubeipvs.proxy.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps, lists, texts, numbers, true, false and null as JSON or YAML. */
public final class TreeText {
  private TreeText() {}

  /** JSON for people: a member a line. */
  public static String json(@Nullable Object tree) {
    StringBuilder text = new StringBuilder();
    json(text, tree, "\n");
    return text.append('\n').toString();
  }

  /** JSON in one line, without its end. */
  public static String line(@Nullable Object tree) {
    StringBuilder text = new StringBuilder();
    json(text, tree, "");
    return text.toString();
  }

  private static void json(StringBuilder text, @Nullable Object tree, String newline) {
    String inner = newline.isEmpty() ? "" : newline + "  ";
    if (tree instanceof Map<?, ?> map) {
      String separator = "{" + inner;
      for (Map.Entry<?, ?> member : map.entrySet()) {
        text.append(separator).append(quoted(String.valueOf(member.getKey()))).append(": ");
        json(text, member.getValue(), inner);
        separator = "," + inner;
      }
      text.append(map.isEmpty() ? "{" : newline).append('}');
    } else if (tree instanceof List<?> list) {
      String separator = "[" + inner;
      for (Object item : list) {
        text.append(separator);
        json(text, item, inner);
        separator = "," + inner;
      }
      text.append(list.isEmpty() ? "[" : newline).append(']');
    } else {
      text.append(scalar(tree));
    }
  }

  /** YAML in block style, with the line that begins a document. */
  public static String document(@Nullable Object tree) {
    return "---\n" + yaml(tree);
  }

  public static String yaml(@Nullable Object tree) {
    StringBuilder text = new StringBuilder();
    yaml(text, tree, "", "");
    return text.toString();
  }

  /**
   * Block style; texts are quoted as in JSON, which YAML reads too.
   *
   * @param first what the first line begins with: the indentation, or the dash of a list's item
   */
  private static void yaml(StringBuilder text, @Nullable Object tree, String first, String indent) {
    String begin = first;
    if (isEmpty(tree)) {
      text.append(begin).append(tree instanceof List ? "[]\n" : "{}\n");
    } else if (tree instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> member : map.entrySet()) {
        text.append(begin).append(key(String.valueOf(member.getKey()))).append(':');
        value(text, member.getValue(), indent);
        begin = indent;
      }
    } else if (tree instanceof List<?> list) {
      for (Object item : list) {
        yaml(text, item, begin + "- ", indent + "  ");
        begin = indent;
      }
    } else {
      text.append(begin).append(scalar(tree)).append('\n');
    }
  }

  private static void value(StringBuilder text, @Nullable Object value, String indent) {
    if (!isEmpty(value) && (value instanceof Map || value instanceof List)) {
      text.append('\n');
      yaml(text, value, indent + "  ", indent + "  ");
    } else {
      yaml(text, value, " ", "");
    }
  }

  private static boolean isEmpty(@Nullable Object tree) {
    return (tree instanceof Map<?, ?> map && map.isEmpty())
        || (tree instanceof List<?> list && list.isEmpty());
  }

  private static String key(String name) {
    return name.matches("[A-Za-z][A-Za-z0-9]*") ? name : quoted(name);
  }

  private static String scalar(@Nullable Object value) {
    return value == null || value instanceof Number || value instanceof Boolean
        ? String.valueOf(value)
        : quoted(value.toString());
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
