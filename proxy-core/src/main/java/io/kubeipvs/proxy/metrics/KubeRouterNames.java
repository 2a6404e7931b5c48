package io.kubeipvs.proxy.metrics;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import java.util.List;

/** The names of kube-router's service metrics, for dashboards made for it. */
final class KubeRouterNames {
  private final SeriesText out;

  KubeRouterNames(SeriesText out) {
    this.out = out;
  }

  void service(Owners.Owner owner, ServiceKey.Address key, Statistics counted) {
    List<String> labels =
        List.of(
            owner.service().namespace(),
            owner.service().name(),
            key.address().toString(),
            key.protocol().lowerCaseName(),
            String.valueOf(key.port()));
    out.add(Metric.KUBE_ROUTER_SERVICE_TOTAL_CONNECTIONS, counted.connections(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_PACKETS_IN, counted.incomingPackets(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_PACKETS_OUT, counted.outgoingPackets(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_BYTES_IN, counted.incomingBytes(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_BYTES_OUT, counted.outgoingBytes(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_CPS, counted.connectionRate(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_PPS_IN, counted.incomingPacketRate(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_PPS_OUT, counted.outgoingPacketRate(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_BPS_IN, counted.incomingByteRate(), labels);
    out.add(Metric.KUBE_ROUTER_SERVICE_BPS_OUT, counted.outgoingByteRate(), labels);
  }
}
