package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3/32",
    "10.1.2.3/24, 10.1.2.0/24",
    "10.1.2.3/9, 10.0.0.0/9",
    "1.2.3.4/0, 0.0.0.0/0",
    "255.255.255.255/32, 255.255.255.255/32",
    "::1, ::1/128",
    "::, ::/128",
    "FD00:0:0:0:0:0:0:1, fd00::1/128",
    "fd00:0:0:1:0:0:0:1, fd00:0:0:1::1/128",
    "fd00:1:0:2:3:4:5:6, fd00:1:0:2:3:4:5:6/128",
    "2001:db8:ffff::/33, 2001:db8:8000::/33",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::/128",
    "0:0:1::, 0:0:1::/128",
  })
  void networksPrintAsTheToolsPrintThem(String given, String printed) {
    assertThat(Cidr.parse(given)).hasToString(printed);
    assertThat(Cidr.parse(printed)).isEqualTo(Cidr.parse(given));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0",
        "10.0.0.1.2",
        "10.0.0.256",
        "10.0.0.01",
        "10.0.0.-1",
        "+1.2.3.4",
        "10.0.0.1/33",
        "10.0.0.1/",
        "10.0.0.1/-1",
        "10.0.0.1/255.0.0.0",
        "::1/129",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        ":::",
        "localhost",
        "dead.beef",
        "1.2.3.4 -j DROP",
        "10.0.0.1/3 2"
      })
  void whatIsNoLiteralIsRefusedWithoutAskingDns(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
