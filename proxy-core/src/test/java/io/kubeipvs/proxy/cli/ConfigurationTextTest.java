package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTextTest {
  @Test
  void settingsStandUnderKubeProxysKeyAsJson() {
    ProxyOptions options = new ProxyOptions();
    options.hostnameOverride = "a\"b\\c\n";
    options.nodePortAddresses = List.of("primary");

    assertThat(ConfigurationText.of(options))
        .startsWith("{\"kubeproxy.config.k8s.io\":{\"clusterCIDR\":[],")
        .contains("\"hostnameOverride\":\"a\\\"b\\\\c\\u000a\"")
        .contains("\"iptables\":{\"localhostNodePorts\":true,\"masqueradeAll\":false,")
        .contains("\"syncPeriod\":\"30s\"")
        .contains("\"nodePortAddresses\":[\"primary\"]");
  }
}
