package io.kubeipvs.ipset.netlink;

import io.kubeipvs.netlink.NetlinkMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** What the real tool and a real kernel said to each other; each file names its command. */
final class Golden {
  private static final int DONE = 3;

  private Golden() {}

  /** A request of the tool's. */
  static NetlinkMessage request(String name) {
    return messages(bytes(name)).get(0);
  }

  /** An answer of the kernel's, without the end of a dump. */
  static List<NetlinkMessage> answer(String name) {
    return messages(bytes(name));
  }

  static byte[] bytes(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name + ".hex")) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Splits a datagram; bytes that make no message are left out. */
  static List<NetlinkMessage> messages(byte[] datagram) {
    ByteBuffer buffer = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
    List<NetlinkMessage> messages = new ArrayList<>();
    int start = 0;
    while (datagram.length - start >= NetlinkMessage.HEADER_LENGTH) {
      int length = buffer.getInt(start);
      if (length < NetlinkMessage.HEADER_LENGTH || length > datagram.length - start) {
        break;
      }
      int type = Short.toUnsignedInt(buffer.getShort(start + 4));
      if (type != DONE) {
        messages.add(message(buffer, start, length, type));
      }
      start += (length + 3) & -4;
    }
    return messages;
  }

  private static NetlinkMessage message(ByteBuffer buffer, int start, int length, int type) {
    return new NetlinkMessage(
        type,
        Short.toUnsignedInt(buffer.getShort(start + 6)),
        buffer.getInt(start + 8),
        buffer.getInt(start + 12),
        buffer.slice(start + NetlinkMessage.HEADER_LENGTH, length - NetlinkMessage.HEADER_LENGTH));
  }

  static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
