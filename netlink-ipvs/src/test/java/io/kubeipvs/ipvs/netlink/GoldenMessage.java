package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.NetlinkMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Bytes behind a netlink header, as they were seen between the kernel and the C tool; the file's
 * comment names the command. Little-endian, as every machine we run on.
 */
final class GoldenMessage {
  private final byte[] bytes;

  private GoldenMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  static GoldenMessage read(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            GoldenMessage.class.getResourceAsStream("/golden/ipvs/" + name + ".hex"), name)) {
      StringBuilder digits = new StringBuilder();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> digits.append(line.replace(" ", "")));
      return new GoldenMessage(HexFormat.of().parseHex(digits));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** In rows of four bytes, as in the files: a difference then shows where it is. */
  String rows() {
    return rows(ByteBuffer.wrap(bytes));
  }

  static String rows(AttributeWriter written) {
    return rows(written.toBuffer());
  }

  private static String rows(ByteBuffer buffer) {
    byte[] all = new byte[buffer.remaining()];
    buffer.get(all);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < all.length; i += 4) {
      rows.append(HexFormat.ofDelimiter(" ").formatHex(all, i, Math.min(all.length, i + 4)));
      rows.append('\n');
    }
    return rows.toString();
  }

  NetlinkMessage message() {
    return message(bytes);
  }

  static NetlinkMessage message(byte[] body) {
    return new NetlinkMessage(0x1c, 0, 1, 1, ByteBuffer.wrap(body));
  }
}
