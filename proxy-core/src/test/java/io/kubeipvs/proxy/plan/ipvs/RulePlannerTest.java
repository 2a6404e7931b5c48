package io.kubeipvs.proxy.plan.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.plan.DetectLocal;
import io.kubeipvs.proxy.plan.RuleSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RulePlannerTest {
  private static final DetectLocal CLUSTER_RANGES =
      new DetectLocal.Ranges(
          List.of(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:10:244::/48")));
  private static final RuleSettings SETTINGS = new RuleSettings(false, 14, CLUSTER_RANGES, true);

  /** Loaded with iptables-restore 1.8.9, legacy and nft, both print back exactly this. */
  @ParameterizedTest
  @EnumSource
  void rulesAreTheseWhateverServicesThereAre(AddressFamily family) throws IOException {
    String name = family.name().toLowerCase(Locale.ROOT);
    assertThat(RulePlanner.plan(family, SETTINGS)).hasToString(text("/rules/" + name + ".txt"));
  }

  /** The exceptions are told in the description of {@link RulePlanner}. */
  @ParameterizedTest
  @EnumSource
  void everyRuleOfKubeProxyIsThereButThoseLeftOutOnPurpose(AddressFamily family)
      throws IOException {
    String name = family.name().toLowerCase(Locale.ROOT);
    List<String> theirs =
        text("/golden/kube-proxy-1.30-ipvs/rules-" + name + ".txt")
            .lines()
            .filter(line -> !line.contains("-m physdev ! --physdev-is-in"))
            .filter(line -> !line.matches("filter -A KUBE-IPVS-OUT-FILTER -s .* -m ipvs .*"))
            .toList();
    assertThat(theirs).hasSizeGreaterThan(20);
    assertThat(lines(RulePlanner.plan(family, SETTINGS))).containsAll(theirs);
  }

  @Test
  void masqueradeAllAsksForNoSource() {
    assertThat(
            rule(
                new RuleSettings(true, 14, CLUSTER_RANGES, true),
                "KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ"))
        .doesNotContain("-s ");
  }

  @Test
  void whereNobodyKnowsPodsVipsAsSourcesAreMasqueraded() {
    assertThat(rule(with(DetectLocal.NONE), "KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ"))
        .isNotEmpty();
  }

  @Test
  void aRangeOfTheOtherFamilyIsAsNone() {
    DetectLocal ipv6 = new DetectLocal.Ranges(List.of(IpPrefix.of("fd00:10:244::/48")));
    assertThat(RulePlanner.plan(AddressFamily.IPV4, with(ipv6)))
        .isEqualTo(RulePlanner.plan(AddressFamily.IPV4, with(DetectLocal.NONE)));
  }

  @Test
  void podsAreKnownByTheirBridge() {
    assertThat(
            rule(with(new DetectLocal.Bridge("cni0")), "KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ"))
        .startsWith("-A KUBE-SERVICES ! -i cni0 ");
  }

  @Test
  void podsAreKnownByTheirInterfaces() {
    assertThat(
            rule(
                with(new DetectLocal.InterfacePrefix("veth")),
                "KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ"))
        .startsWith("-A KUBE-SERVICES ! -i veth+ ");
  }

  @Test
  void podsGetPastAnExternalPolicyThatKeepsOthersOut() {
    assertThat(rule(SETTINGS, "KUBE-NO-LOCAL-EXTERNAL dst,dst"))
        .startsWith("-A KUBE-IPVS-FILTER ! -s 10.244.0.0/16 ")
        .endsWith("-m conntrack --ctstate NEW -j DROP");
  }

  @Test
  void theMasqueradeBitMakesTheMark() {
    RuleSettings settings = new RuleSettings(false, 20, CLUSTER_RANGES, true);
    assertThat(lines(RulePlanner.plan(AddressFamily.IPV4, settings)))
        .contains(
            "nat -A KUBE-MARK-MASQ -j MARK --set-xmark 0x100000/0x100000",
            "nat -A KUBE-POSTROUTING -m mark ! --mark 0x100000/0x100000 -j RETURN",
            "nat -A KUBE-POSTROUTING -j MARK --set-xmark 0x100000/0x0")
        .noneMatch(line -> line.contains("0x4000"));
  }

  @Test
  void anOldToolIsNotAskedForRandomFully() {
    RuleSettings settings = new RuleSettings(false, 14, CLUSTER_RANGES, false);
    assertThat(lines(RulePlanner.plan(AddressFamily.IPV4, settings)))
        .noneMatch(line -> line.contains("random-fully"));
  }

  private static RuleSettings with(DetectLocal detectLocal) {
    return new RuleSettings(false, 14, detectLocal, true);
  }

  /** The one rule that contains that text. */
  private static String rule(RuleSettings settings, String part) {
    List<String> found =
        RulePlanner.plan(AddressFamily.IPV4, settings)
            .toString()
            .lines()
            .filter(line -> line.contains(part))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** Each with its table in front. */
  private static List<String> lines(RuleSet rules) {
    List<String> lines = new ArrayList<>();
    String table = "";
    for (String line : rules.toString().lines().toList()) {
      table = line.startsWith("*") ? line.substring(1) : table;
      lines.add(table + " " + line);
    }
    return lines;
  }

  private static String text(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RulePlannerTest.class.getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
