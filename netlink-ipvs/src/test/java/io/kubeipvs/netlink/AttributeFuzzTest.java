package io.kubeipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Any bytes are attributes or a {@link MalformedMessageException}; the repetition is the seed. */
final class AttributeFuzzTest {
  private static final int DEEPEST = 5;

  @RepeatedTest(500)
  void noiseIsReadOrRefused(RepetitionInfo repetition) {
    byte[] bytes = RandomBytes.noise(new Random(repetition.getCurrentRepetition()));
    readAll(new AttributeReader(ByteBuffer.wrap(bytes)), bytes.length, DEEPEST);
  }

  @RepeatedTest(500)
  void almostAttributesAreReadOrRefused(RepetitionInfo repetition) {
    byte[] bytes = RandomBytes.likeAttributes(new Random(repetition.getCurrentRepetition()));
    readAll(new AttributeReader(ByteBuffer.wrap(bytes)), bytes.length, DEEPEST);
  }

  private interface Reading {
    Object read() throws MalformedMessageException;
  }

  private static void readAll(AttributeReader attributes, int bytes, int depth) {
    int count = 0;
    while (tried(attributes::next) == Boolean.TRUE) {
      count++;
      tried(attributes::u8);
      tried(attributes::u16);
      tried(attributes::u16be);
      tried(attributes::u32);
      tried(attributes::u32be);
      tried(attributes::u64);
      tried(attributes::address);
      tried(attributes::string);
      tried(() -> attributes.structure(12).getInt(8));
      assertThat(attributes.bytes()).hasSize(attributes.length());
      if (depth > 0) {
        readAll(attributes.nested(), attributes.length(), depth - 1);
      }
    }
    assertThat(count).isLessThanOrEqualTo(bytes / AttributeWriter.HEADER_LENGTH);
  }

  /** What was read; the exception where it was refused. Any other exception fails the test. */
  private static Object tried(Reading reading) {
    try {
      return reading.read();
    } catch (MalformedMessageException e) {
      return e;
    }
  }
}
