package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.kubeipvs.iptables.Match.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tables as large as iptables mode makes them; a quadratic step would show as minutes here. */
class RuleDifferScaleTest {
  private static final Duration FAR_TOO_LONG = Duration.ofSeconds(60);
  private static final int SERVICES = 10_000;

  /** Six rules a service: one in the top chain, three in its own, two in its endpoint's. */
  static RuleSet services(int count) {
    Map<ChainKey, List<Rule>> chains = new TreeMap<>();
    List<Rule> top = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String address = "10.96." + i / 256 + "." + i % 256;
      String pod = "10.244." + i / 256 + "." + i % 256;
      String service = "KUBE-SVC-%016d".formatted(i);
      String endpoint = "KUBE-SEP-%016d".formatted(i);
      Match tcp = Match.protocol(Transport.TCP);
      Match port = Match.destinationPort(Transport.TCP, 80);
      Match name = Match.comment("namespace/service-" + i + ":http cluster IP");
      top.add(Rule.of(Target.jumpTo(service), Match.destination(address), tcp, name, port));
      chains.put(
          ChainKey.of(Table.NAT, service),
          List.of(
              Rule.of(
                  Target.jumpTo("KUBE-MARK-MASQ"),
                  Match.notSource("10.244.0.0/16"),
                  Match.destination(address),
                  tcp,
                  name,
                  port),
              Rule.of(Target.jumpTo(endpoint), name, Match.oneIn(2)),
              Rule.of(Target.jumpTo(endpoint), name)));
      chains.put(
          ChainKey.of(Table.NAT, endpoint),
          List.of(
              Rule.of(Target.jumpTo("KUBE-MARK-MASQ"), Match.source(pod), name),
              Rule.of(Target.translateTo(pod, 8080), tcp, name, Match.extension(Transport.TCP))));
    }
    chains.put(ChainKey.of(Table.NAT, "KUBE-SERVICES"), top);
    chains.put(ChainKey.of(Table.NAT, "KUBE-MARK-MASQ"), List.of());
    Obsolete stale =
        new Obsolete(
            List.of(),
            List.of(
                ChainPattern.startingWith(Table.NAT, "KUBE-SVC-"),
                ChainPattern.startingWith(Table.NAT, "KUBE-SEP-")));
    return RuleSet.of(Family.IPV4, chains, List.of()).withObsolete(stale);
  }

  @Test
  void tenThousandServicesAreReadAndCompared() {
    RuleSet wanted = services(SERVICES);
    String save = SavedRules.of(wanted).text();
    Restore restore =
        assertTimeout(FAR_TOO_LONG, () -> RuleDiffer.diff(wanted, SavedRules.parse(save)));
    assertThat(restore.isEmpty()).isTrue();
  }

  @Test
  void oneServiceMoreIsAFewLines() {
    RuleSet before = services(SERVICES);
    Restore restore = RuleDiffer.diff(services(SERVICES + 1), SavedRules.of(before));
    assertThat(restore.text().lines()).hasSize(2 + 2 + 3 + 2 + 1);
  }

  @Test
  void oneServiceLessIsAFewLines() {
    RuleSet before = services(SERVICES);
    Restore restore = RuleDiffer.diff(services(SERVICES - 1), SavedRules.of(before));
    assertThat(restore.text().lines()).hasSize(2 + 1 + 2 + 2);
  }
}
