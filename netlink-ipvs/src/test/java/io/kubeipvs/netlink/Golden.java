package io.kubeipvs.netlink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** What real tools and a real kernel said to each other; each file names its command. */
public final class Golden {
  private Golden() {}

  /** The one message of {@code /golden/NAME.hex}. */
  public static NetlinkMessage message(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name + ".hex")) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      byte[] bytes = HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
      return NetlinkMessage.parse(ByteBuffer.wrap(bytes)).get(0);
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** A request as the connection sends it, but for sequence number and port id. */
  public static String text(NetlinkRequest request) {
    return text(request.type(), request.flags() | NetlinkFlags.REQUEST, request.body());
  }

  /** The same of what a tool sent, which asks for an acknowledgement each time. */
  public static String text(NetlinkMessage message) {
    return text(message.type(), message.flags() & ~NetlinkFlags.ACK, message.body());
  }

  private static String text(int type, int flags, ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.duplicate().get(bytes);
    String hex = HexFormat.of().formatHex(bytes);
    return "type %d flags %x\n%s".formatted(type, flags, hex.replaceAll("(.{8})", "$1\n"));
  }
}
