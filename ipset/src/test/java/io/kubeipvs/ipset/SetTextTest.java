package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetTextTest {

  @Test
  void setsAreSortedByNameAndEntriesByValue() {
    ObservedSet ports =
        ObservedSet.of(
            header("PORTS", "bitmap:port", 0, 0, -1),
            List.of(new SetEntry.Port(80), new SetEntry.Port(9)));
    ObservedSet addresses =
        ObservedSet.of(
            header("ADDRESSES", "hash:ip,port", 65_536, 0, -1),
            List.of(Entries.ipPort(10), Entries.ipPort(9), Entries.ipPort(9)));
    assertThat(SetText.of(List.of(ports, addresses)))
        .isEqualTo(
            """
            create ADDRESSES hash:ip,port family inet maxelem 65536
            add ADDRESSES 10.0.0.9,tcp:80
            add ADDRESSES 10.0.0.10,tcp:80
            create PORTS bitmap:port range 0-65535
            add PORTS 9
            add PORTS 80
            """);
  }

  @Test
  void wantedSetPrintsAsTheSameSetObserved() {
    SetSpec spec = SetSpec.hash("A", SetType.HASH_IP_PORT, AddressFamily.IPV4);
    ObservedSet observed =
        ObservedSet.of(header("A", "hash:ip,port", 65_536, 0, -1), Entries.ipPorts(3));
    assertThat(SetText.of(spec, Entries.ipPorts(3))).isEqualTo(SetText.of(List.of(observed)));
  }

  @Test
  void whatASetOfOursLacksIsShown() {
    int extensions = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | SetHeader.MASKED;
    ObservedSet foreign = ObservedSet.of(header("X", "hash:ip", 1024, extensions, 300), List.of());
    ObservedSet unknown = ObservedSet.of(header("Y", "list:set", 0, 0, -1), List.of());
    assertThat(SetText.of(List.of(foreign, unknown)))
        .isEqualTo(
            """
            create X hash:ip family inet maxelem 1024 timeout 300 counters comment forceadd skbinfo masked
            create Y list:set
            """);
  }

  private static SetHeader header(
      String name, String type, int maximum, int extensions, int timeout) {
    int lastPort = type.equals("bitmap:port") ? 0xffff : 0;
    return new SetHeader(
        new SetName(name),
        type,
        0,
        AddressFamily.IPV4,
        maximum,
        0,
        lastPort,
        extensions,
        timeout,
        0,
        0);
  }
}
