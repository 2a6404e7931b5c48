package io.kubeipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Messages as the kernel writes them. */
public final class Answers {
  private Answers() {}

  public static byte[] message(int type, int flags, int sequence, int portId, byte[] body) {
    int length = NetlinkMessage.HEADER_LENGTH + body.length;
    return ByteBuffer.allocate(NetlinkMessage.aligned(length))
        .order(ByteOrder.nativeOrder())
        .putInt(length)
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(sequence)
        .putInt(portId)
        .put(body)
        .array();
  }

  /** A message that answers a request, part of a dump with {@link NetlinkFlags#MULTI}. */
  public static byte[] data(NetlinkMessage request, int type, int flags, byte[] body) {
    return message(type, flags, request.sequence(), request.portId(), body);
  }

  public static byte[] acknowledgement(NetlinkMessage request) {
    return refusal(request, 0);
  }

  /** As a socket with {@code NETLINK_CAP_ACK} gets it: of the request, only the header. */
  public static byte[] refusal(NetlinkMessage request, int errno) {
    return data(
        request,
        NetlinkFlags.TYPE_ERROR,
        NetlinkFlags.CAPPED,
        join(s32(-errno), header(request, 0)));
  }

  /** The same with a text, the only attribute we read, behind one we do not. */
  public static byte[] refusal(NetlinkMessage request, int errno, String text) {
    return data(
        request,
        NetlinkFlags.TYPE_ERROR,
        NetlinkFlags.CAPPED | NetlinkFlags.ACK_ATTRIBUTES,
        join(s32(-errno), header(request, 0), extendedAcknowledgement(text)));
  }

  /** As older kernels send it: with the whole request. */
  public static byte[] uncappedRefusal(NetlinkMessage request, int errno, String text) {
    byte[] body = new byte[request.body().limit()];
    request.body().get(0, body);
    byte[] padded = Arrays.copyOf(body, NetlinkMessage.aligned(body.length));
    return data(
        request,
        NetlinkFlags.TYPE_ERROR,
        NetlinkFlags.ACK_ATTRIBUTES,
        join(s32(-errno), header(request, body.length), padded, extendedAcknowledgement(text)));
  }

  public static byte[] done(NetlinkMessage request, int flags) {
    return data(request, NetlinkFlags.TYPE_DONE, NetlinkFlags.MULTI | flags, s32(0));
  }

  public static byte[] doneWithError(NetlinkMessage request, int errno, String text) {
    return data(
        request,
        NetlinkFlags.TYPE_DONE,
        NetlinkFlags.MULTI | NetlinkFlags.ACK_ATTRIBUTES,
        join(s32(-errno), extendedAcknowledgement(text)));
  }

  private static byte[] header(NetlinkMessage request, int bodyLength) {
    byte[] header =
        message(request.type(), request.flags(), request.sequence(), request.portId(), new byte[0]);
    ByteBuffer.wrap(header).order(ByteOrder.nativeOrder()).putInt(0, 16 + bodyLength);
    return header;
  }

  /** {@code NLMSGERR_ATTR_OFFS} (2), then {@code NLMSGERR_ATTR_MSG} (1). */
  private static byte[] extendedAcknowledgement(String text) {
    byte[] message = (text + "\0").getBytes(StandardCharsets.UTF_8);
    ByteBuffer attributes = new AttributeWriter().u32(2, 40).bytes(1, message).toBuffer();
    byte[] bytes = new byte[attributes.remaining()];
    attributes.get(bytes);
    return bytes;
  }

  public static byte[] s32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  public static byte[] join(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteBuffer joined = ByteBuffer.allocate(length);
    Arrays.stream(parts).forEach(joined::put);
    return joined.array();
  }
}
