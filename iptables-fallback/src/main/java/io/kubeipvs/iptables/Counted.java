package io.kubeipvs.iptables;

/** What a rule counted since it was written. */
public record Counted(long packets, long bytes) {
  public static final Counted NOTHING = new Counted(0, 0);

  public Counted plus(Counted other) {
    return new Counted(packets + other.packets, bytes + other.bytes);
  }

  /**
   * {@code [12:720]}.
   *
   * @throws NumberFormatException for anything else
   */
  static Counted parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || !text.startsWith("[") || !text.endsWith("]")) {
      throw new NumberFormatException(text);
    }
    return new Counted(
        Long.parseUnsignedLong(text, 1, colon, 10),
        Long.parseUnsignedLong(text, colon + 1, text.length() - 1, 10));
  }

  /** As the tools print it. */
  @Override
  public String toString() {
    return "[" + Long.toUnsignedString(packets) + ":" + Long.toUnsignedString(bytes) + "]";
  }
}
