package io.kubeipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Attributes as an indented tree, for any family: whether a value has attributes inside is told by
 * its looks where the type does not say so.
 *
 * <pre>
 *   attr 3 len 7 64 75 6d 6d 79 30 00 "dummy0"
 *   attr 18 len 12 nested
 *     attr 1 len 6 64 75 6d 6d 79 00 "dummy"
 * </pre>
 */
final class AttributeText {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final int BYTES_PER_LINE = 32;
  private static final int LARGEST_PLAUSIBLE_TYPE = 255;
  private static final int DEEPEST = 8;

  private AttributeText() {}

  /** The bytes as attributes, or as bytes where they are none. */
  static List<String> lines(ByteBuffer bytes, String indent) {
    List<String> lines = new ArrayList<>();
    List<Attribute> attributes = parse(bytes);
    if (isWhole(attributes, bytes)) {
      attributes.forEach(attribute -> write(attribute, indent, DEEPEST, lines));
    } else {
      hex("bytes", bytes(bytes), indent, lines);
    }
    return lines;
  }

  static void hex(String label, byte[] bytes, String indent, List<String> lines) {
    String start = indent + label;
    for (int from = 0; from < bytes.length; from += BYTES_PER_LINE) {
      int to = Math.min(bytes.length, from + BYTES_PER_LINE);
      lines.add(start + " " + HEX.formatHex(bytes, from, to));
      start = indent + " ".repeat(label.length());
    }
  }

  private static void write(Attribute attribute, String indent, int depth, List<String> lines) {
    String label = "attr " + attribute.type() + " len " + attribute.value().remaining();
    List<Attribute> inside = depth == 0 ? List.of() : inside(attribute);
    if (!inside.isEmpty()) {
      lines.add(indent + label + " nested");
      inside.forEach(a -> write(a, indent + "  ", depth - 1, lines));
      return;
    }
    byte[] value = bytes(attribute.value());
    if (value.length == 0) {
      lines.add(indent + label);
    } else if (isText(value) && value.length <= BYTES_PER_LINE) {
      lines.add(indent + label + " " + HEX.formatHex(value) + " \"" + text(value) + '"');
    } else {
      hex(label, value, indent, lines);
    }
  }

  private static List<Attribute> inside(Attribute attribute) {
    ByteBuffer value = attribute.value();
    // A number may look like the header of an empty attribute.
    if (!attribute.nested() && value.remaining() < 2 * AttributeWriter.HEADER_LENGTH) {
      return List.of();
    }
    List<Attribute> inside = parse(value);
    boolean plausible =
        attribute.nested()
            || inside.stream().allMatch(a -> a.type() >= 1 && a.type() <= LARGEST_PLAUSIBLE_TYPE);
    return plausible && isWhole(inside, value) ? inside : List.of();
  }

  private record Attribute(int type, boolean nested, ByteBuffer value, int end) {}

  /** As many as can be read; they need not reach the end. */
  private static List<Attribute> parse(ByteBuffer bytes) {
    ByteBuffer buffer = bytes.slice().order(ByteOrder.nativeOrder());
    List<Attribute> attributes = new ArrayList<>();
    int start = 0;
    while (buffer.limit() - start >= AttributeWriter.HEADER_LENGTH) {
      int length = Short.toUnsignedInt(buffer.getShort(start));
      int type = Short.toUnsignedInt(buffer.getShort(start + 2));
      if (length < AttributeWriter.HEADER_LENGTH || length > buffer.limit() - start) {
        break;
      }
      int valueStart = start + AttributeWriter.HEADER_LENGTH;
      int end = start + NetlinkMessage.aligned(length);
      attributes.add(
          new Attribute(
              type & ~(AttributeWriter.NESTED | AttributeWriter.NET_BYTEORDER),
              (type & AttributeWriter.NESTED) != 0,
              buffer.slice(valueStart, length - AttributeWriter.HEADER_LENGTH),
              end));
      start = end;
    }
    return attributes;
  }

  private static boolean isWhole(List<Attribute> attributes, ByteBuffer bytes) {
    int end = attributes.isEmpty() ? 0 : attributes.get(attributes.size() - 1).end();
    return end >= bytes.remaining();
  }

  /** Two printable characters or more, closed by a zero or not. */
  private static boolean isText(byte[] value) {
    String text = text(value);
    return text.length() >= 2 && text.chars().allMatch(c -> c >= ' ' && c < 127);
  }

  private static String text(byte[] value) {
    int length = value[value.length - 1] == 0 ? value.length - 1 : value.length;
    return new String(value, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
