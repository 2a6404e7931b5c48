package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import org.junit.jupiter.api.Test;

class SetHeaderTest {
  private static final SetSpec HASH = SetSpec.hash("A", SetType.HASH_IP_PORT, AddressFamily.IPV6);
  private static final SetSpec PORTS = SetSpec.ports("P");

  @Test
  void hashServesASpecOfItsTypeFamilyAndRoom() {
    assertThat(hash("hash:ip,port", AddressFamily.IPV6, 65_536, 0, -1).serves(HASH)).isTrue();
    assertThat(hash("hash:ip,port", AddressFamily.IPV6, 99_999, 0, -1).serves(HASH)).isTrue();
    assertThat(hash("hash:ip,port", AddressFamily.IPV6, 65_535, 0, -1).serves(HASH)).isFalse();
    assertThat(hash("hash:ip,port", AddressFamily.IPV4, 65_536, 0, -1).serves(HASH)).isFalse();
    assertThat(hash("hash:ip,port,ip", AddressFamily.IPV6, 65_536, 0, -1).serves(HASH)).isFalse();
  }

  @Test
  void extensionsTimeoutsAndMasksServeNothing() {
    assertThat(hash("hash:ip,port", AddressFamily.IPV6, 65_536, 8, -1).serves(HASH)).isFalse();
    assertThat(hash("hash:ip,port", AddressFamily.IPV6, 65_536, 0, 0).serves(HASH)).isFalse();
    int masked = SetHeader.MASKED;
    assertThat(hash("hash:ip,port", AddressFamily.IPV6, 65_536, masked, -1).serves(HASH)).isFalse();
  }

  @Test
  void bitmapServesOnlyWithAllPorts() {
    assertThat(ports(0, 0xffff).serves(PORTS)).isTrue();
    assertThat(ports(1, 0xffff).serves(PORTS)).isFalse();
    assertThat(ports(0, 0xfffe).serves(PORTS)).isFalse();
    assertThat(ports(0, 0xffff).serves(HASH)).isFalse();
  }

  @Test
  void unsignedMaximumIsMoreThanEnough() {
    // maxelem is 32 bits unsigned; nothing stops a set from having 4 billion.
    assertThat(hash("hash:ip,port", AddressFamily.IPV6, -1, 0, -1).serves(HASH)).isTrue();
  }

  private static SetHeader hash(
      String type, AddressFamily family, int maximum, int extensions, int timeout) {
    return new SetHeader(HASH.name(), type, 7, family, maximum, 0, 0, extensions, timeout, 0, 0);
  }

  private static SetHeader ports(int first, int last) {
    return new SetHeader(
        PORTS.name(), "bitmap:port", 3, AddressFamily.IPV4, 0, first, last, 0, -1, 0, 0);
  }
}
