package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  private static final String HEAD =
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

  private static String resource(String name) throws IOException {
    try (InputStream in = ConfigFileTest.class.getResourceAsStream("/config/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ConfigFile parse(String text) throws ConfigException {
    return ConfigFile.parse("config.conf", text);
  }

  private static Map<String, String> honoured(ConfigFile file) {
    Map<String, String> honoured = new TreeMap<>(file.values());
    honoured.keySet().removeIf(path -> !ConfigFields.at(path).orElseThrow().isHonoured());
    return honoured;
  }

  /** Almost all of it means the default, which is IPVS here. */
  @Test
  void theOneOfKubeadmIsRead() throws Exception {
    ConfigFile file = parse(resource("kubeadm.conf"));
    assertThat(file.unknown()).isEmpty();
    assertThat(honoured(file))
        .containsOnly(
            Map.entry("clientConnection.kubeconfig", "/var/lib/kube-proxy/kubeconfig.conf"),
            Map.entry("clusterCIDR", "10.244.0.0/16"),
            Map.entry("bindAddressHardFail", "false"),
            Map.entry("iptables.masqueradeAll", "false"),
            Map.entry("iptables.minSyncPeriod", "0s"),
            Map.entry("ipvs.minSyncPeriod", "0s"),
            Map.entry("ipvs.strictARP", "false"),
            Map.entry("ipvs.tcpFinTimeout", "0s"),
            Map.entry("ipvs.tcpTimeout", "0s"),
            Map.entry("ipvs.udpTimeout", "0s"),
            Map.entry("conntrack.tcpBeLiberal", "false"),
            Map.entry("conntrack.udpStreamTimeout", "0s"),
            Map.entry("conntrack.udpTimeout", "0s"));
  }

  @Test
  void theOneOfKubesprayIsRead() throws Exception {
    ConfigFile file = parse(resource("kubespray.conf"));
    assertThat(file.unknown()).containsExactly("udpIdleTimeout");
    assertThat(file.values())
        .containsEntry("mode", "ipvs")
        .containsEntry("hostnameOverride", "node1")
        .containsEntry("clusterCIDR", "10.233.64.0/18,fd85:ee78:d8a6:8607::1:0000/112")
        .containsEntry("ipvs.excludeCIDRs", "10.1.0.0/24,10.2.0.1/32")
        .containsEntry("ipvs.strictARP", "true")
        .containsEntry("conntrack.maxPerCore", "32768")
        .containsEntry("oomScoreAdj", "-999")
        .containsEntry("featureGates", "GracefulNodeShutdown=true")
        .doesNotContainKey("nodePortAddresses");
  }

  @Test
  void ourOwnSettingsAreBesideThem() throws Exception {
    assertThat(parse(HEAD + "kubeIpvs: {vipBinding: address, drainTimeout: 5m}").values())
        .containsExactly(
            Map.entry("kubeIpvs.drainTimeout", "5m"), Map.entry("kubeIpvs.vipBinding", "address"));
  }

  @Test
  void whatNobodyKnowsIsNamed() throws Exception {
    assertThat(parse(HEAD + "ipvs: {schedular: rr}\nturbo: true").unknown())
        .containsExactly("ipvs.schedular", "turbo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mode: nftables                           | mode: 'nftables' is not one of ipvs, iptables
          mode: 7                                  | mode: 7 is not a text
          ipvs: {syncPeriod: soon}                 | ipvs.syncPeriod: 'soon' is not a duration like 30s or 1m30s
          ipvs: {syncPeriod: 30}                   | ipvs.syncPeriod: 30 is not a text
          ipvs: {syncPeriod: -1s}                  | ipvs.syncPeriod: '-1s' is not a duration like 30s or 1m30s
          ipvs: {syncPeriod: 1s, minSyncPeriod: 2s} | ipvs.minSyncPeriod: is longer than ipvs.syncPeriod
          ipvs: {minSyncPeriod: 31s}               | ipvs.minSyncPeriod: is longer than ipvs.syncPeriod
          ipvs: {excludeCIDRs: [10.0.0.0/33]}      | ipvs.excludeCIDRs[0]: '10.0.0.0/33' is not a range like 10.0.0.0/8
          ipvs: {excludeCIDRs: 10.0.0.0/8}         | ipvs.excludeCIDRs: '10.0.0.0/8' is not a list
          ipvs: [rr]                               | ipvs: is not an object
          ipvs: {strictARP: yes please}            | ipvs.strictARP: 'yes please' is neither true nor false
          iptables: {masqueradeBit: 32}            | iptables.masqueradeBit: 32 is not in 0..31
          iptables: {masqueradeBit: 1.5}           | iptables.masqueradeBit: 1.5 is not a whole number
          oomScoreAdj: 1001                        | oomScoreAdj: 1001 is not in -1000..1000
          conntrack: {min: -1}                     | conntrack.min: -1 is not in 0..2147483647
          clusterCIDR: 10.0.0.0/8,10.1.0.0/16      | clusterCIDR: '10.0.0.0/8,10.1.0.0/16' is not a range like 10.244.0.0/16, or one of each family
          bindAddress: localhost                   | bindAddress: 'localhost' is not an IP address
          healthzBindAddress: "0.0.0.0:0"          | healthzBindAddress: '0.0.0.0:0' is not an address like 0.0.0.0:10256 or [::1]:10256
          nodePortAddresses: [secondary]           | nodePortAddresses[0]: 'secondary' is not a range like 10.0.0.0/8
          detectLocalMode: BridgeInterface         | detectLocal.bridgeInterface: is missing, and detectLocalMode needs it
          detectLocalMode: Guess                   | detectLocalMode: 'Guess' is not one of ClusterCIDR, NodeCIDR, BridgeInterface, InterfaceNamePrefix
          kubeIpvs: {vipBinding: bridge}           | kubeIpvs.vipBinding: 'bridge' is not one of route, address
          featureGates: [A]                        | featureGates: is not an object
          mode: [                                  | not YAML
          """)
  void whatIsWrongIsNamedInOneLine(String line, String message) {
    assertThatThrownBy(() -> parse(HEAD + line))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("config.conf: " + message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anotherVersionOrKindIsRefused() {
    assertThatThrownBy(() -> parse(HEAD.replace("v1alpha1", "v1beta1")))
        .hasMessage(
            "config.conf: apiVersion: 'kubeproxy.config.k8s.io/v1beta1' is not"
                + " kubeproxy.config.k8s.io/v1alpha1");
    assertThatThrownBy(() -> parse("mode: ipvs"))
        .hasMessage("config.conf: apiVersion: is missing; config.conf: kind: is missing");
    assertThatThrownBy(() -> parse("")).hasMessage("config.conf: is empty");
    assertThatThrownBy(() -> parse(HEAD + "---\n" + HEAD))
        .hasMessage("config.conf: holds several documents");
  }
}
