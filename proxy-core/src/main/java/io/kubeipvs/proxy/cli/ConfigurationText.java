package io.kubeipvs.proxy.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** {@code /configz}: what is in force, under the key kube-proxy uses and in its fields' names. */
final class ConfigurationText {
  private ConfigurationText() {}

  static String of(ProxyOptions options) {
    Map<String, Object> ipvs = new TreeMap<>();
    ipvs.put("scheduler", options.scheduler);
    ipvs.put("strictARP", options.strictArp);
    ipvs.put("syncPeriod", options.syncPeriod);
    ipvs.put("minSyncPeriod", options.minimumSyncPeriod);
    ipvs.put("excludeCIDRs", options.excludeCidrs);
    ipvs.put("tcpTimeout", options.tcpTimeout);
    ipvs.put("tcpFinTimeout", options.tcpFinTimeout);
    ipvs.put("udpTimeout", options.udpTimeout);
    ipvs.put("vipBinding", options.binding);
    ipvs.put("foreignServices", options.foreignServices);
    ipvs.put("required", options.ipvsRequired);
    Map<String, Object> iptables = new TreeMap<>();
    iptables.put("masqueradeAll", options.masqueradeAll);
    iptables.put("masqueradeBit", options.masqueradeBit);
    iptables.put("localhostNodePorts", options.localhostNodePorts);
    iptables.put("syncPeriod", options.iptablesSyncPeriod);
    iptables.put("minSyncPeriod", options.iptablesMinimumSyncPeriod);
    Map<String, Object> all = new TreeMap<>();
    all.put("mode", options.mode);
    all.put("hostnameOverride", options.hostnameOverride);
    all.put("clusterCIDR", options.clusterCidrs);
    all.put("detectLocalMode", options.detectLocal);
    all.put("nodePortAddresses", options.nodePortAddresses);
    all.put("ipvs", ipvs);
    all.put("iptables", iptables);
    return json(Map.of("kubeproxy.config.k8s.io", all));
  }

  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      StringJoiner members = new StringJoiner(",", "{", "}");
      map.forEach((name, member) -> members.add(quoted("" + name) + ":" + json(member)));
      return members.toString();
    }
    if (value instanceof List<?> list) {
      StringJoiner items = new StringJoiner(",", "[", "]");
      list.forEach(item -> items.add(json(item)));
      return items.toString();
    }
    if (value instanceof Duration duration) {
      return quoted(goText(duration));
    }
    return value instanceof Boolean || value instanceof Integer ? "" + value : quoted("" + value);
  }

  /** {@code 30s}, {@code 1m30s}, {@code 1h0m0s}, {@code 250ms}. */
  private static String goText(Duration duration) {
    if (duration.toSeconds() == 0 && !duration.isZero()) {
      return duration.toMillis() + "ms";
    }
    String hours = duration.toHours() > 0 ? duration.toHours() + "h" : "";
    String minutes = duration.toMinutes() > 0 ? duration.toMinutesPart() + "m" : "";
    return hours + minutes + duration.toSecondsPart() + "s";
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
