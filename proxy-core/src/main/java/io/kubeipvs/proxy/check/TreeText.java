package io.kubeipvs.proxy.check;

import java.util.List;
import java.util.Map;

/** Maps, lists, texts, numbers, true and false as JSON or YAML. */
public final class TreeText {
  private TreeText() {}

  public static String json(Object tree) {
    StringBuilder text = new StringBuilder();
    json(text, tree, "\n");
    return text.append('\n').toString();
  }

  private static void json(StringBuilder text, Object tree, String newline) {
    if (tree instanceof Map<?, ?> map) {
      String inner = newline + "  ";
      String separator = "{" + inner;
      for (Map.Entry<?, ?> member : map.entrySet()) {
        text.append(separator).append(quoted(String.valueOf(member.getKey()))).append(": ");
        json(text, member.getValue(), inner);
        separator = "," + inner;
      }
      text.append(map.isEmpty() ? "{" : newline).append('}');
    } else if (tree instanceof List<?> list) {
      String inner = newline + "  ";
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

  public static String yaml(Object tree) {
    StringBuilder text = new StringBuilder();
    yaml(text, tree, "", "");
    return text.toString();
  }

  /**
   * Block style; texts are quoted as in JSON, which YAML reads too.
   *
   * @param first what the first line begins with: the indentation, or the dash of a list's item
   */
  private static void yaml(StringBuilder text, Object tree, String first, String indent) {
    String begin = first;
    if (tree instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> member : map.entrySet()) {
        text.append(begin).append(member.getKey()).append(':');
        value(text, member.getValue(), indent);
        begin = indent;
      }
    } else if (tree instanceof List<?> list) {
      for (Object item : list) {
        yaml(text, item, indent + "- ", indent + "  ");
      }
    } else {
      text.append(begin).append(scalar(tree)).append('\n');
    }
  }

  private static void value(StringBuilder text, Object value, String indent) {
    boolean empty =
        (value instanceof Map<?, ?> map && map.isEmpty())
            || (value instanceof List<?> list && list.isEmpty());
    if (empty) {
      text.append(value instanceof List ? " []\n" : " {}\n");
    } else if (value instanceof Map || value instanceof List) {
      text.append('\n');
      yaml(text, value, indent + "  ", indent + "  ");
    } else {
      text.append(' ').append(scalar(value)).append('\n');
    }
  }

  private static String scalar(Object value) {
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : quoted(String.valueOf(value));
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
