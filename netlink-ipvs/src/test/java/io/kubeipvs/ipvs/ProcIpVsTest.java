package io.kubeipvs.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipvs.ProcIpVs.Server;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class ProcIpVsTest {
  private static final String HEADING =
      """
      IP Virtual Server version 1.2.1 (size=4096)
      Prot LocalAddress:Port Scheduler Flags
        -> RemoteAddress:Port Forward Weight ActiveConn InActConn
      """;

  private static ProcIpVs read(String lines) throws IOException {
    return ProcIpVs.read(new BufferedReader(new StringReader(HEADING + lines)));
  }

  private static ServiceKey.Address key(Protocol protocol, String address, int port) {
    return new ServiceKey.Address(protocol, IpAddress.of(address), port);
  }

  private static Server server(
      String address, int port, ForwardingMethod method, int weight, int active, int inactive) {
    return new Server(new ServerKey(IpAddress.of(address), port), method, weight, active, inactive);
  }

  // cat /proc/net/ip_vs on 6.1
  @Test
  void textOfTheKernelIsRead() throws IOException {
    ProcIpVs table =
        read(
            """
            TCP  0A000001:0002 wrr \s
              -> 7F000001:02BC      Masq    1      7          12        \s
              -> 0102030A:0002      Route   0      0          0         \s
              -> 01020309:0063      Local   65535  0          4294967295
            TCP  [fd00:1111:2222:3333:4444:5555:6666:7777]:FFFF rr persistent 1000 40000000
            TCP  C0A80001:0000 rr  persistent 100 FFFFFFFF
              -> [fd00:0000:0000:0000:0000:0000:0000:0003]:0001      Tunnel  1      0          0
            UDP  0AC80001:0036 rr ops  persistent 500 FFFFFFFF
            SCTP  0AC80001:13C4 rr \s
            IP_50  0AC80001:13C4 rr \s
            FWM  EE6B2800 rr\s
              -> FA000001:02BC      Masq    1      0          0         \s
            """);
    assertThat(table.marks()).isEqualTo(1);
    assertThat(table.services().keySet())
        .containsExactly(
            key(Protocol.TCP, "10.0.0.1", 2),
            key(Protocol.TCP, "fd00:1111:2222:3333:4444:5555:6666:7777", 65535),
            key(Protocol.TCP, "192.168.0.1", 0),
            key(Protocol.UDP, "10.200.0.1", 54),
            key(Protocol.SCTP, "10.200.0.1", 5060),
            key(new Protocol(50), "10.200.0.1", 5060));
    assertThat(table.services())
        .containsEntry(
            key(Protocol.TCP, "10.0.0.1", 2),
            List.of(
                server("127.0.0.1", 700, ForwardingMethod.MASQUERADE, 1, 7, 12),
                server("1.2.3.10", 2, ForwardingMethod.DIRECT_ROUTE, 0, 0, 0),
                server("1.2.3.9", 99, ForwardingMethod.LOCAL, 65535, 0, -1)))
        .containsEntry(
            key(Protocol.TCP, "192.168.0.1", 0),
            List.of(server("fd00::3", 1, ForwardingMethod.TUNNEL, 1, 0, 0)));
  }

  @Test
  void emptyTableHasNoServices() throws IOException {
    assertThat(read("").services()).isEmpty();
  }

  @Test
  void lineThatMakesNoSenseIsNamed() {
    assertThatThrownBy(() -> read("TCP  0A000001:0002 rr\n  -> nonsense\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("/proc/net/ip_vs, line 5: '  -> nonsense'");
  }

  @RepeatedTest(20)
  void anyTextIsReadOrRefused(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    String text =
        """
        TCP  [fd00:1111:2222:3333:4444:5555:6666:7777]:FFFF rr persistent 1000 40000000
          -> 7F000001:02BC      Masq    1      7          12
          -> [fd00:0000:0000:0000:0000:0000:0000:0003]:0001      Tunnel  1      0          0
        """;
    for (int i = 0; i < 200; i++) {
      StringBuilder broken = new StringBuilder(text);
      int at = random.nextInt(broken.length());
      broken.replace(
          at, Math.min(broken.length(), at + random.nextInt(9)), " :]Z0".substring(i % 5));
      try {
        assertThat(read(broken.toString()).services()).isNotNull();
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("/proc/net/ip_vs, line ");
      }
    }
  }
}
