package io.kubeipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class AttributeWriterReaderTest {

  @Test
  void everyKindOfValueIsReadAsItWasWritten() throws MalformedMessageException {
    IpAddress v4 = IpAddress.of("10.96.0.1");
    IpAddress v6 = IpAddress.of("fd00::1");
    AttributeReader attributes =
        read(
            new AttributeWriter()
                .u8(1, 0xfe)
                .u16(2, 0xfedc)
                .u16be(3, 0xfedc)
                .u32(4, 0xfedc_ba98)
                .u32be(5, 0xfedc_ba98)
                .port(6, 65_535)
                .string(7, "kube-ipvs0")
                .address(8, v4)
                .address(9, v6)
                .bytes(10, new byte[] {1, 2, 3})
                .flag(11));
    assertThat(at(attributes, 1).u8()).isEqualTo(0xfe);
    assertThat(at(attributes, 2).u16()).isEqualTo(0xfedc);
    assertThat(at(attributes, 3).u16be()).isEqualTo(0xfedc);
    assertThat(at(attributes, 4).u32()).isEqualTo(0xfedc_ba98);
    assertThat(at(attributes, 5).u32be()).isEqualTo(0xfedc_ba98);
    assertThat(at(attributes, 6).port()).isEqualTo(65_535);
    assertThat(at(attributes, 7).string()).isEqualTo("kube-ipvs0");
    assertThat(at(attributes, 8).address()).isEqualTo(v4);
    assertThat(at(attributes, 9).address()).isEqualTo(v6);
    assertThat(at(attributes, 10).bytes()).containsExactly(1, 2, 3);
    assertThat(at(attributes, 11).length()).isZero();
    assertThat(attributes.next()).isFalse();
  }

  @Test
  void layoutIsThatOfTheKernel() {
    AttributeWriter attributes =
        new AttributeWriter()
            .headerU8(2)
            .headerU8(0)
            .headerU16be(0x0102)
            .u8(1, 5)
            .nested(0x8007, inside -> inside.port(2, 80).u32be(3, 1))
            .flag(4);
    assertThat(hex(attributes))
        .isEqualTo(
            littleEndian()
                ? "02000102"
                    + "0500010005000000"
                    + "140007800600020000500000"
                    + "0800030000000001"
                    + "04000400"
                : "02000102"
                    + "0005000105000000"
                    + "001480070006000200500000"
                    + "0008000300000001"
                    + "00040004");
  }

  @Test
  void nestedAttributesAreReadInside() throws MalformedMessageException {
    AttributeReader outer =
        read(
            new AttributeWriter()
                .nested(
                    AttributeWriter.NESTED | 1,
                    inside -> inside.nested(2, deeper -> deeper.u8(3, 7)).u8(4, 8))
                .u8(5, 9));
    AttributeReader inside = at(outer, 1).nested();
    AttributeReader deeper = at(inside, 2).nested();
    assertThat(at(deeper, 3).u8()).isEqualTo(7);
    assertThat(deeper.next()).isFalse();
    assertThat(at(inside, 4).u8()).isEqualTo(8);
    assertThat(inside.next()).isFalse();
    assertThat(at(outer, 5).u8()).isEqualTo(9);
  }

  /** The kernel pads numbers of 64 bits with nothing, so they stand at any multiple of 4. */
  @Test
  void numberOf64BitsMayStandAnywhere() throws MalformedMessageException {
    byte[] value = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(-2L).array();
    AttributeReader attributes = read(new AttributeWriter().bytes(1, value).bytes(2, value));
    assertThat(at(attributes, 1).u64()).isEqualTo(-2);
    assertThat(at(attributes, 2).u64()).isEqualTo(-2);
  }

  @Test
  void lastAttributeNeedsNoPadding() throws MalformedMessageException {
    ByteBuffer buffer = new AttributeWriter().u8(1, 7).toBuffer();
    AttributeReader attributes = new AttributeReader(buffer.limit(5));
    assertThat(at(attributes, 1).u8()).isEqualTo(7);
    assertThat(attributes.next()).isFalse();
  }

  @Test
  void numberOfAnotherSizeIsRefused() throws MalformedMessageException {
    AttributeReader attributes = read(new AttributeWriter().u16(1, 7));
    assertThat(attributes.next()).isTrue();
    assertThatThrownBy(attributes::u32)
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("attribute 1 has 2 bytes, wanted a number of 4");
  }

  @Test
  void structureThatTheKernelMadeLongerIsReadFromItsFront() throws MalformedMessageException {
    AttributeReader attributes = read(new AttributeWriter().bytes(1, new byte[24]));
    assertThat(at(attributes, 1).structure(16).remaining()).isEqualTo(24);
    assertThatThrownBy(() -> attributes.structure(25))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void textEndsAtItsFirstZero() throws MalformedMessageException {
    AttributeReader attributes =
        read(
            new AttributeWriter()
                .bytes(1, new byte[] {'r', 'r', 0, 'x'})
                .bytes(2, new byte[] {'w'}));
    assertThat(at(attributes, 1).string()).isEqualTo("rr");
    assertThat(at(attributes, 2).string()).isEqualTo("w");
  }

  @Test
  void lengthsThatLieAreRefused() {
    for (byte[] bytes : List.of(header(3), header(9), header(0), new byte[] {8, 0, 1})) {
      AttributeReader attributes = new AttributeReader(ByteBuffer.wrap(bytes));
      assertThatThrownBy(attributes::next).isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void valueThatDoesNotFitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AttributeWriter().bytes(1, new byte[0xffff - 3]));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new AttributeWriter()
                    .nested(1, in -> in.bytes(1, new byte[40_000]).bytes(2, new byte[40_000])));
    new AttributeWriter().bytes(1, new byte[0xffff - 4]);
  }

  @RepeatedTest(100)
  void anyValuesOfAnyLengthsSurvive(RepetitionInfo repetition) throws MalformedMessageException {
    Random random = new Random(repetition.getCurrentRepetition());
    AttributeWriter writer = new AttributeWriter();
    List<byte[]> values = new ArrayList<>();
    int count = random.nextInt(50);
    for (int i = 0; i < count; i++) {
      values.add(RandomBytes.noise(random));
      writer.bytes(i, values.get(i));
    }
    AttributeReader attributes = read(writer);
    for (int i = 0; i < values.size(); i++) {
      assertThat(at(attributes, i).bytes()).isEqualTo(values.get(i));
    }
    assertThat(attributes.next()).isFalse();
  }

  private static AttributeReader read(AttributeWriter writer) {
    return new AttributeReader(writer.toBuffer());
  }

  private static AttributeReader at(AttributeReader attributes, int type)
      throws MalformedMessageException {
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.type()).isEqualTo(type);
    return attributes;
  }

  private static byte[] header(int length) {
    return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putShort((short) length).array();
  }

  private static String hex(AttributeWriter attributes) {
    byte[] bytes = new byte[attributes.length()];
    attributes.toBuffer().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static boolean littleEndian() {
    return ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN);
  }
}
