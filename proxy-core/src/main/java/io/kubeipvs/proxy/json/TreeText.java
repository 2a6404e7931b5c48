package io.kubeipvs.proxy.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps, lists, texts, numbers, true, false and null as JSON or YAML. */
public final class TreeText {
  private static final JsonFactory JSON = new JsonFactory();

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
    try (JsonParser json = JSON.createParser(line(tree))) {
      new YamlWriter(json, text).write();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it reads and writes memory
    }
    return text.toString();
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
