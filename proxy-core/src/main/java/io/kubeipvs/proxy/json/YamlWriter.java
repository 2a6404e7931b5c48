package io.kubeipvs.proxy.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * JSON as YAML in the block style people read. Texts that YAML could take for anything else stay in
 * JSON's quotes, which are YAML's too.
 */
public final class YamlWriter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9 ._/()-]*");
  private static final Set<String> OTHER_THINGS =
      Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");

  private final JsonParser in;
  private final Appendable out;

  public YamlWriter(JsonParser in, Appendable out) {
    this.in = in;
    this.out = out;
  }

  /** The whole document. */
  public void write() throws IOException {
    in.nextToken();
    value(0, false);
  }

  /**
   * @param afterKey whether a key, and not the dash of a list, stands before it on the line
   */
  private void value(int depth, boolean afterKey) throws IOException {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_OBJECT) {
      object(depth, afterKey);
    } else if (token == JsonToken.START_ARRAY) {
      array(depth, afterKey);
    } else {
      out.append(afterKey ? " " : "").append(scalar(token)).append('\n');
    }
  }

  private void object(int depth, boolean afterKey) throws IOException {
    boolean first = true;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      if (first) {
        out.append(afterKey ? "\n" : "");
      }
      if (!first || afterKey) {
        out.append("  ".repeat(depth));
      }
      out.append(text(in.currentName())).append(':');
      in.nextToken();
      value(depth + 1, true);
      first = false;
    }
    out.append(first ? (afterKey ? " {}\n" : "{}\n") : "");
  }

  private void array(int depth, boolean afterKey) throws IOException {
    boolean first = true;
    int indent = afterKey ? depth - 1 : depth;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (first) {
        out.append(afterKey ? "\n" : "");
      }
      if (!first || afterKey) {
        out.append("  ".repeat(indent));
      }
      out.append("- ");
      value(indent + 1, false);
      first = false;
    }
    out.append(first ? (afterKey ? " []\n" : "[]\n") : "");
  }

  private String scalar(JsonToken token) throws IOException {
    return token == JsonToken.VALUE_STRING ? text(in.getText()) : in.getText();
  }

  private static String text(String text) {
    boolean plain =
        PLAIN.matcher(text).matches()
            && !text.endsWith(" ")
            && !OTHER_THINGS.contains(text.toLowerCase(Locale.ROOT));
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c == '\n') {
                quoted.append("\\n");
              } else if (c < ' ' || c == 0x7f || (c >= 0x80 && !Character.isLetterOrDigit(c))) {
                quoted.append((c > 0xffff ? "\\U%08x" : "\\u%04x").formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }
}
