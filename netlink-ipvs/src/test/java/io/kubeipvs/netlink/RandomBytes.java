package io.kubeipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Bytes for fuzzing: pure noise is refused at the first length, so most of it gets good ones. */
final class RandomBytes {
  private RandomBytes() {}

  static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Noise with lengths of attributes that mostly fit. */
  static byte[] likeAttributes(Random random) {
    byte[] bytes = noise(random);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int start = 0;
    while (bytes.length - start >= AttributeWriter.HEADER_LENGTH) {
      int length = length(random, AttributeWriter.HEADER_LENGTH, bytes.length - start);
      buffer.putShort(start, (short) length);
      buffer.putShort(start + 2, (short) random.nextInt(12));
      start += NetlinkMessage.aligned(Math.max(length, AttributeWriter.HEADER_LENGTH));
    }
    return bytes;
  }

  /** The same with messages around. */
  static byte[] likeMessages(Random random) {
    byte[] bytes = likeAttributes(random);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int start = 0;
    while (bytes.length - start >= NetlinkMessage.HEADER_LENGTH) {
      int length = length(random, NetlinkMessage.HEADER_LENGTH, bytes.length - start);
      buffer.putInt(start, length);
      buffer.putShort(start + 4, (short) random.nextInt(32));
      start += NetlinkMessage.aligned(Math.max(length, NetlinkMessage.HEADER_LENGTH));
    }
    return bytes;
  }

  /** Good ones, now and then a little wrong, or hopelessly. */
  private static int length(Random random, int least, int left) {
    return switch (random.nextInt(20)) {
      case 0 -> least - 1;
      case 1 -> left + 1;
      case 2 -> 0;
      case 3 -> random.nextInt();
      default -> least + random.nextInt(Math.min(left - least + 1, 40));
    };
  }
}
