package io.kubeipvs.proxy.json;

/**
 * Writes JSON, piece by piece. Text may be anything: what a page could take for markup is written
 * as a number too, so that a value is harmless wherever it is put.
 */
public final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private boolean first = true;

  public JsonWriter open() {
    return begin('{');
  }

  public JsonWriter openList() {
    return begin('[');
  }

  private JsonWriter begin(char bracket) {
    separate();
    out.append(bracket);
    first = true;
    return this;
  }

  public JsonWriter close() {
    out.append('}');
    first = false;
    return this;
  }

  public JsonWriter closeList() {
    out.append(']');
    first = false;
    return this;
  }

  /** Of the member whose value follows. */
  public JsonWriter name(String name) {
    separate();
    quote(name);
    out.append(':');
    first = true;
    return this;
  }

  public JsonWriter text(String value) {
    separate();
    quote(value);
    return this;
  }

  public JsonWriter number(long value) {
    separate();
    out.append(value);
    return this;
  }

  /** Rounded to thousandths; what is no number is null. */
  public JsonWriter fraction(double value) {
    separate();
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      out.append("null");
    } else {
      out.append(Math.round(value * 1000) / 1000.0);
    }
    return this;
  }

  /** A value that is JSON already. */
  public JsonWriter raw(String json) {
    separate();
    out.append(json);
    return this;
  }

  public JsonWriter member(String name, String value) {
    return name(name).text(value);
  }

  public JsonWriter member(String name, long value) {
    return name(name).number(value);
  }

  public JsonWriter member(String name, boolean value) {
    return name(name).raw(value ? "true" : "false");
  }

  private void separate() {
    if (!first) {
      out.append(',');
    }
    first = false;
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '<', '>', '&', '\'' -> escape(c);
        default -> {
          if (c < ' ' || c > '~') {
            escape(c);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private void escape(char c) {
    String digits = Integer.toHexString(c);
    out.append("\\u").append("0000", 0, 4 - digits.length()).append(digits);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
