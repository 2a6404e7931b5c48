package io.kubeipvs.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpPrefixTest {

  @ParameterizedTest
  @CsvSource({
    "10.96.0.0/12, 10.96.0.0/12",
    "10.111.255.255/12, 10.96.0.0/12",
    "1.2.3.4/0, 0.0.0.0/0",
    "1.2.3.4/1, 0.0.0.0/1",
    "255.2.3.4/1, 128.0.0.0/1",
    "1.2.3.4/31, 1.2.3.4/31",
    "1.2.3.5/31, 1.2.3.4/31",
    "1.2.3.4/32, 1.2.3.4/32",
    "ffff:ffff::1/0, ::/0",
    "ffff:ffff::1/1, 8000::/1",
    "fd00::1/63, fd00::/63",
    "fd00:0:0:1::1/63, fd00::/63",
    "fd00:0:0:1::1/64, fd00:0:0:1::/64",
    "fd00:0:0:1:8000::1/65, fd00:0:0:1:8000::/65",
    "fd00::3/127, fd00::2/127",
    "fd00::3/128, fd00::3/128",
  })
  void bitsBehindThePrefixAreCleared(String literal, String printed) {
    assertThat(IpPrefix.parse(literal)).map(IpPrefix::toString).contains(printed);
    assertThat(IpPrefix.of(printed)).isEqualTo(IpPrefix.of(literal));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/8",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/ 8",
        "10.0.0.0/8 ",
        "10.0.0.0/999",
        "10.0.0/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/99999999999",
        "fd00::/129",
        "fd00::",
        "fd00::/x",
        "10.0.0.0/\u0668",
        "host/8",
        "fe80::%eth0/64",
        "10.0.0.0/8\n",
      })
  void anythingElseIsNoPrefix(String text) {
    assertThat(IpPrefix.parse(text)).isEmpty();
  }

  /** Against the arithmetic on big numbers. */
  @RepeatedTest(500)
  void containsExactlyWhatHasTheSameFirstBits(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    IpAddress network = IpAddress.ofBytes(bytes);
    int length = random.nextInt(network.family().bits() + 1);
    int flipped = random.nextInt(network.family().bits());
    bytes[flipped / 8] ^= (byte) (0x80 >> flipped % 8);
    IpAddress other = IpAddress.ofBytes(bytes);
    int behind = network.family().bits() - length;
    boolean same = number(network).shiftRight(behind).equals(number(other).shiftRight(behind));
    assertThat(new IpPrefix(network, length).contains(other)).isEqualTo(same);
    assertThat(same).isEqualTo(flipped >= length);
  }

  @Test
  void otherFamilyIsNeverContained() {
    assertThat(IpPrefix.of("0.0.0.0/0").contains(IpAddress.of("::"))).isFalse();
    assertThat(IpPrefix.of("::/0").contains(IpAddress.of("10.0.0.1"))).isFalse();
    assertThat(IpPrefix.of("::/0").contains(IpAddress.of("::ffff:10.0.0.1"))).isTrue();
  }

  @Test
  void hostHoldsItsAddressOnly() {
    IpPrefix host = IpPrefix.host(IpAddress.of("fd00::1"));
    assertThat(host).hasToString("fd00::1/128");
    assertThat(host.contains(IpAddress.of("fd00::1"))).isTrue();
    assertThat(host.contains(IpAddress.of("fd00::2"))).isFalse();
  }

  @Test
  void orderIsByNetworkThenByLength() {
    List<IpPrefix> ordered =
        Stream.of("10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "192.0.2.0/24", "fd00::/8")
            .map(IpPrefix::of)
            .toList();
    assertThat(Stream.of(4, 2, 0, 3, 1).map(ordered::get).sorted()).isEqualTo(ordered);
  }

  @Test
  void lengthOutsideTheFamilyIsRefused() {
    IpAddress address = IpAddress.of("10.0.0.1");
    assertThatIllegalArgumentException().isThrownBy(() -> new IpPrefix(address, 33));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpPrefix(address, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.of("10.0.0.1"));
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.toBytes());
  }
}
