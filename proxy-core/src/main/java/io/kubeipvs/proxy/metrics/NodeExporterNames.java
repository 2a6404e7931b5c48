package io.kubeipvs.proxy.metrics;

import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import java.util.List;
import java.util.function.ToLongFunction;

/** The names of node_exporter's ipvs collector, for dashboards made for it. */
final class NodeExporterNames {
  private final SeriesText out;

  NodeExporterNames(SeriesText out) {
    this.out = out;
  }

  void totals(List<ObservedService> services) {
    total(Metric.NODE_IPVS_CONNECTIONS_TOTAL, services, Statistics::connections);
    total(Metric.NODE_IPVS_INCOMING_PACKETS_TOTAL, services, Statistics::incomingPackets);
    total(Metric.NODE_IPVS_OUTGOING_PACKETS_TOTAL, services, Statistics::outgoingPackets);
    total(Metric.NODE_IPVS_INCOMING_BYTES_TOTAL, services, Statistics::incomingBytes);
    total(Metric.NODE_IPVS_OUTGOING_BYTES_TOTAL, services, Statistics::outgoingBytes);
  }

  private void total(
      Metric metric, List<ObservedService> services, ToLongFunction<Statistics> value) {
    out.add(metric, services.stream().map(ObservedService::statistics).mapToLong(value).sum());
  }

  void server(ServiceKey.Address service, ObservedServer server) {
    ServerKey remote = server.server().key();
    List<String> labels =
        List.of(
            service.address().toString(),
            String.valueOf(service.port()),
            remote.address().toString(),
            String.valueOf(remote.port()),
            service.protocol().toString(),
            "");
    out.add(
        Metric.NODE_IPVS_BACKEND_CONNECTIONS_ACTIVE,
        Integer.toUnsignedLong(server.activeConnections()),
        labels);
    out.add(
        Metric.NODE_IPVS_BACKEND_CONNECTIONS_INACTIVE,
        Integer.toUnsignedLong(server.inactiveConnections()),
        labels);
    out.add(Metric.NODE_IPVS_BACKEND_WEIGHT, server.server().weight(), labels);
  }
}
