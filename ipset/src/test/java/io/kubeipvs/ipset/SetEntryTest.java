package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SetEntryTest {
  private static final IpAddress V4 = IpAddress.of("10.96.0.1");
  private static final IpAddress V6 = IpAddress.of("fd00::1");

  @Test
  void entriesPrintAsTheToolListsThem() {
    assertThat(new SetEntry.Ip(V6)).hasToString("fd00::1");
    assertThat(new SetEntry.IpPort(V4, Protocol.TCP, 443)).hasToString("10.96.0.1,tcp:443");
    assertThat(new SetEntry.IpPort(V6, Protocol.SCTP, 1)).hasToString("fd00::1,sctp:1");
    assertThat(new SetEntry.IpPortIp(V4, Protocol.UDP, 53, V4))
        .hasToString("10.96.0.1,udp:53,10.96.0.1");
    assertThat(new SetEntry.IpPortNet(V4, Protocol.TCP, 80, IpPrefix.of("10.1.2.3/8")))
        .hasToString("10.96.0.1,tcp:80,10.0.0.0/8");
    assertThat(new SetEntry.IpPortNet(V6, Protocol.TCP, 80, IpPrefix.host(V6)))
        .hasToString("fd00::1,tcp:80,fd00::1");
    assertThat(new SetEntry.Port(30_080)).hasToString("30080");
  }

  @Test
  void entriesAreOrderedByValueNotByText() {
    Set<SetEntry> entries =
        new TreeSet<>(
            List.of(
                new SetEntry.IpPort(IpAddress.of("10.0.0.10"), Protocol.TCP, 80),
                new SetEntry.IpPort(IpAddress.of("10.0.0.9"), Protocol.UDP, 9),
                new SetEntry.IpPort(IpAddress.of("10.0.0.9"), Protocol.TCP, 443),
                new SetEntry.IpPort(IpAddress.of("10.0.0.9"), Protocol.TCP, 80),
                new SetEntry.IpPort(IpAddress.of("200.0.0.1"), Protocol.TCP, 80),
                new SetEntry.IpPort(V6, Protocol.TCP, 80)));
    assertThat(entries)
        .hasToString(
            "[10.0.0.9,tcp:80, 10.0.0.9,tcp:443, 10.0.0.9,udp:9, 10.0.0.10,tcp:80,"
                + " 200.0.0.1,tcp:80, fd00::1,tcp:80]");
  }

  @Test
  void secondAddressAndNetworkCountInTheOrder() {
    SetEntry ip = new SetEntry.IpPortIp(V4, Protocol.TCP, 80, IpAddress.of("10.0.0.2"));
    assertThat(ip).isLessThan(new SetEntry.IpPortIp(V4, Protocol.TCP, 80, V4));
    SetEntry net = new SetEntry.IpPortNet(V4, Protocol.TCP, 80, IpPrefix.of("10.0.0.0/8"));
    assertThat(net)
        .isLessThan(new SetEntry.IpPortNet(V4, Protocol.TCP, 80, IpPrefix.of("10.0.0.0/9")));
  }

  @Test
  void orderAgreesWithEquality() {
    Set<SetEntry> all = new TreeSet<>();
    for (SetType type : SetType.values()) {
      for (AddressFamily family : AddressFamily.values()) {
        all.addAll(Entries.samples(type, family));
      }
    }
    for (SetEntry a : all) {
      for (SetEntry b : all) {
        assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
      }
    }
  }

  @Test
  void everyKindFitsOneType() {
    for (SetType type : SetType.values()) {
      SetEntry entry = Entries.samples(type, AddressFamily.IPV4).iterator().next();
      assertThat(SetType.values()).filteredOn(entry::fits).containsExactly(type);
    }
  }

  @Test
  void wholeInternetIsNoNetworkOfASet() {
    assertThatThrownBy(() -> new SetEntry.IpPortNet(V4, Protocol.TCP, 80, IpPrefix.of("0.0.0.0/0")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
