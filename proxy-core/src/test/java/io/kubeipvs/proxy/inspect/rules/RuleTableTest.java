package io.kubeipvs.proxy.inspect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.Counted;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Choice;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Place;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Unserved;
import io.kubeipvs.proxy.inspect.rules.RuleTable.Way;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Rules as {@code iptables-save -c} of 1.8.9 (nf_tables) showed them of a Service with an affinity,
 * a local external policy and a load balancer that some may reach.
 */
class RuleTableTest {
  private static final String RULES =
      """
      *nat
      :OUTPUT ACCEPT [0:0]
      :KUBE-EXT-CDGGSHYLG3RE2FKL - [0:0]
      :KUBE-FW-CDGGSHYLG3RE2FKL - [0:0]
      :KUBE-MARK-MASQ - [0:0]
      :KUBE-NODEPORTS - [0:0]
      :KUBE-SEP-7U6MWNJWR3SADOJA - [0:0]
      :KUBE-SEP-AFGSLHOD2HFNCBX4 - [0:0]
      :KUBE-SEP-WBD4CCV6JIIBARLY - [0:0]
      :KUBE-SERVICES - [0:0]
      :KUBE-SVC-CDGGSHYLG3RE2FKL - [0:0]
      :KUBE-SVL-CDGGSHYLG3RE2FKL - [0:0]
      [9:540] -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
      [0:0] -A KUBE-EXT-CDGGSHYLG3RE2FKL -s 10.244.0.0/16 -m comment --comment "pod traffic for default/web:http external destinations" -j KUBE-SVC-CDGGSHYLG3RE2FKL
      [0:0] -A KUBE-EXT-CDGGSHYLG3RE2FKL -m comment --comment "masquerade LOCAL traffic for default/web:http external destinations" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
      [0:0] -A KUBE-EXT-CDGGSHYLG3RE2FKL -m comment --comment "route LOCAL traffic for default/web:http external destinations" -m addrtype --src-type LOCAL -j KUBE-SVC-CDGGSHYLG3RE2FKL
      [3:180] -A KUBE-EXT-CDGGSHYLG3RE2FKL -j KUBE-SVL-CDGGSHYLG3RE2FKL
      [0:0] -A KUBE-FW-CDGGSHYLG3RE2FKL -s 192.0.2.0/24 -m comment --comment "default/web:http loadbalancer IP" -j KUBE-EXT-CDGGSHYLG3RE2FKL
      [0:0] -A KUBE-FW-CDGGSHYLG3RE2FKL -s 203.0.113.0/24 -m comment --comment "default/web:http loadbalancer IP" -j KUBE-EXT-CDGGSHYLG3RE2FKL
      [0:0] -A KUBE-FW-CDGGSHYLG3RE2FKL -m comment --comment "other traffic to default/web:http will be dropped by KUBE-PROXY-FIREWALL"
      [6:360] -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
      [3:180] -A KUBE-NODEPORTS -p tcp -m comment --comment "default/web:http" -m tcp --dport 30080 -j KUBE-EXT-CDGGSHYLG3RE2FKL
      [0:0] -A KUBE-SEP-7U6MWNJWR3SADOJA -s 10.244.0.5/32 -m comment --comment "default/web:http" -j KUBE-MARK-MASQ
      [7:420] -A KUBE-SEP-7U6MWNJWR3SADOJA -p tcp -m comment --comment "default/web:http" -m recent --set --name KUBE-SEP-7U6MWNJWR3SADOJA --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.244.0.5:8080
      [0:0] -A KUBE-SEP-AFGSLHOD2HFNCBX4 -s 10.244.1.5/32 -m comment --comment "default/web:http" -j KUBE-MARK-MASQ
      [1:60] -A KUBE-SEP-AFGSLHOD2HFNCBX4 -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination 10.244.1.5:8080
      [0:0] -A KUBE-SEP-WBD4CCV6JIIBARLY -s 10.244.0.6/32 -m comment --comment "default/web:http" -j KUBE-MARK-MASQ
      [1:60] -A KUBE-SEP-WBD4CCV6JIIBARLY -p tcp -m comment --comment "default/web:http" -m tcp -j DNAT --to-destination 10.244.0.6:8080
      [6:360] -A KUBE-SERVICES -d 10.96.21.10/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-CDGGSHYLG3RE2FKL
      [0:0] -A KUBE-SERVICES -d 198.51.100.10/32 -p tcp -m comment --comment "default/web:http loadbalancer IP" -m tcp --dport 80 -j KUBE-FW-CDGGSHYLG3RE2FKL
      [0:0] -A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
      [6:360] -A KUBE-SVC-CDGGSHYLG3RE2FKL ! -s 10.244.0.0/16 -d 10.96.21.10/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
      [5:300] -A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.0.5:8080" -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-7U6MWNJWR3SADOJA --mask 255.255.255.255 --rsource -j KUBE-SEP-7U6MWNJWR3SADOJA
      [0:0] -A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.0.5:8080" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-7U6MWNJWR3SADOJA
      [0:0] -A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.0.6:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-WBD4CCV6JIIBARLY
      [1:60] -A KUBE-SVC-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.1.5:8080" -j KUBE-SEP-AFGSLHOD2HFNCBX4
      [0:0] -A KUBE-SVL-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.0.5:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-7U6MWNJWR3SADOJA
      [0:0] -A KUBE-SVL-CDGGSHYLG3RE2FKL -m comment --comment "default/web:http -> 10.244.0.6:8080" -j KUBE-SEP-WBD4CCV6JIIBARLY
      COMMIT
      *filter
      :KUBE-EXTERNAL-SERVICES - [0:0]
      :KUBE-SERVICES - [0:0]
      [4:240] -A KUBE-SERVICES -d 10.96.21.11/32 -p udp -m comment --comment "default/none has no endpoints" -m udp --dport 53 -j REJECT --reject-with icmp-port-unreachable
      [2:120] -A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/web:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j DROP
      COMMIT
      """;

  private RuleTable table = new RuleTable(List.of());

  @BeforeEach
  void read() throws Exception {
    table = RuleTable.of(Map.of(AddressFamily.IPV4, SavedRules.parse(RULES)));
  }

  private Way way(String address, int port, Protocol protocol) {
    return table
        .way(new Place(AddressFamily.IPV4, protocol, Optional.of(IpAddress.of(address)), port))
        .orElseThrow();
  }

  private static List<String> servers(Way way) {
    return way.choices().stream().map(RuleTableTest::line).toList();
  }

  private static String line(Choice choice) {
    return String.format(
        Locale.ROOT,
        "%s by %s %.4f %s",
        choice.server(),
        choice.chain(),
        choice.share(),
        choice.counted());
  }

  @Test
  void chancesAreShownAsTheSharesTheyMean() {
    Way web = way("10.96.21.10", 80, Protocol.TCP);

    assertThat(web.chain()).isEqualTo("KUBE-SVC-CDGGSHYLG3RE2FKL");
    assertThat(web.owner()).isEqualTo("default/web:http");
    assertThat(web.counted()).isEqualTo(new Counted(6, 360));
    assertThat(servers(web))
        .containsExactly(
            "10.244.0.5:8080 by KUBE-SEP-7U6MWNJWR3SADOJA 0.3333 [7:420]",
            "10.244.0.6:8080 by KUBE-SEP-WBD4CCV6JIIBARLY 0.3333 [1:60]",
            "10.244.1.5:8080 by KUBE-SEP-AFGSLHOD2HFNCBX4 0.3333 [1:60]");
  }

  /** Pods and the node itself reach the others too, by rules that are for them alone. */
  @Test
  void whatComesFromOutsideGoesToServersOfThisNode() {
    Way fromOutside =
        table.way(Place.nodePort(AddressFamily.IPV4, Protocol.TCP, 30080)).orElseThrow();

    assertThat(fromOutside.chain()).isEqualTo("KUBE-EXT-CDGGSHYLG3RE2FKL");
    assertThat(fromOutside.unserved()).isEqualTo(Unserved.DROPPED);
    assertThat(servers(fromOutside))
        .containsExactly(
            "10.244.0.5:8080 by KUBE-SEP-7U6MWNJWR3SADOJA 0.5000 [7:420]",
            "10.244.0.6:8080 by KUBE-SEP-WBD4CCV6JIIBARLY 0.5000 [1:60]");
  }

  @Test
  void sourceRangesDoNotDivideShares() {
    Way restricted = way("198.51.100.10", 80, Protocol.TCP);

    assertThat(restricted.chain()).isEqualTo("KUBE-FW-CDGGSHYLG3RE2FKL");
    assertThat(restricted.choices()).extracting(Choice::share).containsExactly(0.5, 0.5);
  }

  @Test
  void whatIsRefusedIsAWayToo() {
    Way none = way("10.96.21.11", 53, Protocol.UDP);

    assertThat(none.chain()).isEmpty();
    assertThat(none.unserved()).isEqualTo(Unserved.REFUSED);
    assertThat(none.counted().packets()).isEqualTo(4);
    assertThat(table.ways()).hasSize(4);
  }
}
