package io.kubeipvs.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {

  /** Second column: what {@code inet_ntop} of glibc 2.36 prints. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "10.96.0.10, 10.96.0.10",
    "::, ::",
    "::1, ::1",
    "::2, ::2",
    "1::, 1::",
    "::ffff:1.2.3.4, ::ffff:1.2.3.4",
    "::ffff:102:304, ::ffff:1.2.3.4",
    "::FFFF:0:0, ::ffff:0.0.0.0",
    "::1.2.3.4, ::1.2.3.4",
    "::1:0, ::0.1.0.0",
    "::1:2:3, ::1:2:3",
    "::fffe:1.2.3.4, ::fffe:102:304",
    "64:ff9b::1.2.3.4, 64:ff9b::102:304",
    "1:0:0:2:0:0:0:3, 1:0:0:2::3",
    "1:0:0:2:3:0:0:4, 1::2:3:0:0:4",
    "1:0:0:2::, 1:0:0:2::",
    "0:1:2:3:4:5:6:7, 0:1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
    "1:2:0:4:5:6:7:8, 1:2:0:4:5:6:7:8",
    "FD00:00AB:0:0::000A, fd00:ab::a",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  })
  void literalIsPrintedAsInetNtopDoes(String literal, String printed) {
    assertThat(IpAddress.parse(literal)).map(IpAddress::toString).contains(printed);
    assertThat(IpAddress.of(printed)).isEqualTo(IpAddress.of(literal));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "256.1.1.1",
        "1.2.3.04",
        "01.2.3.4",
        "00.0.0.0",
        "1.2.3.1000",
        "1.2.3.-4",
        "+1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.4/32",
        "1.2.3.4:80",
        "0x1.2.3.4",
        "1.2.3.a",
        "\u0661.2.3.4",
        "1.2.3.4\u0000",
        "1.2.3.4\n",
        ":",
        ":::",
        "1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "::1:2:3:4:5:6:7:8",
        "1::2::3",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "::1:",
        ":1::",
        "12345::",
        "g::",
        "::-1",
        "::+1",
        "fe80::1%eth0",
        "[::1]",
        "::1/128",
        "::1.2.3",
        "::1.2.3.256",
        "1.2.3.4::",
        "::1.2.3.4:1",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::\u0661",
        "::\uff11",
        "::1\u0000",
        " ::1",
        "::ffff:1.2.3.04",
        "::1..2",
        "1:::2",
      })
  void anythingElseIsNoAddress(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }

  @Test
  void literalOfAbsurdLengthIsNoAddress() {
    assertThat(IpAddress.parse("1".repeat(1_000_000))).isEmpty();
    assertThat(IpAddress.parse("1:".repeat(1_000_000))).isEmpty();
    assertThat(IpAddress.parse("0".repeat(1_000_000) + "::")).isEmpty();
  }

  /** The JDK reads every form of text that we write, and tells the same bytes. */
  @RepeatedTest(500)
  void jdkReadsWhatWePrint(RepetitionInfo repetition) throws UnknownHostException {
    IpAddress address = random(new Random(repetition.getCurrentRepetition()));
    byte[] read = InetAddress.getByName(address.toString()).getAddress();
    byte[] expected = address.toBytes();
    // It turns mapped addresses into IPv4 ones, which is why it is not used.
    if (read.length < expected.length) {
      expected = Arrays.copyOfRange(expected, 12, 16);
    }
    assertThat(read).isEqualTo(expected);
    assertThat(IpAddress.of(address.toString())).isEqualTo(address);
    assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
  }

  /** Its text has no {@code ::}, which is a form we read too. */
  @RepeatedTest(200)
  void weReadWhatTheJdkPrints(RepetitionInfo repetition) throws UnknownHostException {
    IpAddress address = random(new Random(repetition.getCurrentRepetition()));
    InetAddress jdk = InetAddress.getByAddress(address.toBytes());
    if (jdk instanceof Inet6Address || address.family() == AddressFamily.IPV4) {
      assertThat(IpAddress.of(jdk.getHostAddress())).isEqualTo(address);
    }
  }

  @RepeatedTest(500)
  void anyTextIsAnAddressOrNone(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(24); i > 0; i--) {
      text.append(":::::....0123456789abcfg%/ ".charAt(random.nextInt(27)));
    }
    IpAddress.parse(text.toString())
        .ifPresent(address -> assertThat(IpAddress.of(address.toString())).isEqualTo(address));
  }

  @Test
  void orderIsByFamilyThenByValueWithoutSign() {
    List<IpAddress> ordered =
        List.of(
            IpAddress.of("0.0.0.0"),
            IpAddress.of("127.255.255.255"),
            IpAddress.of("128.0.0.0"),
            IpAddress.of("255.255.255.255"),
            IpAddress.of("::"),
            IpAddress.of("::ffff:10.0.0.1"),
            IpAddress.of("0:0:0:0:8000::"),
            IpAddress.of("7fff::"),
            IpAddress.of("8000::"),
            IpAddress.of("8000::1"));
    List<IpAddress> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(shuffled.stream().sorted()).isEqualTo(ordered);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true, false, false, false",
    "127.255.0.1, true, false, false, false",
    "128.0.0.1, false, false, false, false",
    "169.254.1.1, false, true, false, false",
    "169.255.1.1, false, false, false, false",
    "224.0.0.1, false, false, true, false",
    "239.255.255.255, false, false, true, false",
    "240.0.0.1, false, false, false, false",
    "0.0.0.0, false, false, false, true",
    "::1, true, false, false, false",
    "::2, false, false, false, false",
    "fe80::1, false, true, false, false",
    "febf::1, false, true, false, false",
    "fec0::1, false, false, false, false",
    "ff02::1, false, false, true, false",
    "::, false, false, false, true",
  })
  void kindsOfAddresses(
      String literal, boolean loopback, boolean linkLocal, boolean multicast, boolean unspecified) {
    IpAddress address = IpAddress.of(literal);
    assertThat(address.isLoopback()).isEqualTo(loopback);
    assertThat(address.isLinkLocal()).isEqualTo(linkLocal);
    assertThat(address.isMulticast()).isEqualTo(multicast);
    assertThat(address.isUnspecified()).isEqualTo(unspecified);
  }

  @Test
  void portStandsBehindBracketsInIpv6() {
    assertThat(IpAddress.of("10.96.0.10").withPort(80)).isEqualTo("10.96.0.10:80");
    assertThat(IpAddress.of("fd00::10").withPort(80)).isEqualTo("[fd00::10]:80");
  }

  @Test
  void mappedAddressIsNotTheIpv4One() {
    assertThat(IpAddress.of("::ffff:10.0.0.1")).isNotEqualTo(IpAddress.of("10.0.0.1"));
    assertThat(IpAddress.of("::ffff:10.0.0.1").family()).isEqualTo(AddressFamily.IPV6);
  }

  @Test
  void otherNumbersOfBytesAreNoAddress() {
    for (int length : List.of(0, 3, 5, 15, 17)) {
      assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.ofBytes(new byte[length]));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpAddress(AddressFamily.IPV4, 0, 1L << 32));
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of("localhost"));
  }

  /** Half of the bytes are zero, so that every form of shortening comes up. */
  private static IpAddress random(Random random) {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    int group = random.nextInt(3) + 1;
    for (int i = 0; i < bytes.length; i++) {
      if ((i / group + random.nextInt(2)) % 2 == 0) {
        bytes[i] = 0;
      }
    }
    return IpAddress.ofBytes(bytes);
  }
}
