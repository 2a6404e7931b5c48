package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.source.Manifest;
import io.kubeipvs.proxy.source.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A Service in few words: fields of its spec, and endpoints as {@code address@node}. */
final class Given {
  static final PlanContext CONTEXT =
      new PlanContext(
          new NodeInfo(
              "node1",
              List.of(IpAddress.of("10.0.2.15"), IpAddress.of("fd00:10::15")),
              "zone-a",
              List.of()),
          NodeAddresses.choose(
              List.of(IpAddress.of("10.0.2.15"), IpAddress.of("fd00:10::15")), List.of()),
          PlanSettings.DEFAULT);

  private Given() {}

  /** Single stack, {@code 10.96.0.10}, TCP port 80 named http, served by port 8080. */
  static ServicePlan plan(PlanContext context, String fields, String... endpoints) {
    return planPorts(context, fields, "{port: 80, nodePort: 30080}", endpoints);
  }

  static ServicePlan planPorts(
      PlanContext context, String fields, String ports, String... endpoints) {
    StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Service\n");
    text.append("metadata: {name: web, namespace: default}\n");
    text.append("spec: {clusterIP: 10.96.0.10, ports: [").append(ports).append("]");
    text.append(fields).append("}\n---\n");
    text.append("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\n");
    text.append("metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}\n");
    text.append("ports: [{port: 8080}]\nendpoints:\n");
    for (String endpoint : endpoints) {
      String[] parts = endpoint.split("@", -1);
      text.append("- {addresses: [").append(parts[0]).append("], nodeName: ").append(parts[1]);
      text.append(", zone: zone-of-").append(parts[1]).append("}\n");
    }
    return planOf(context, text.toString());
  }

  /** Of the one Service in it. */
  static ServicePlan planOf(PlanContext context, String manifest) {
    Manifest read = ManifestReader.read("test", manifest.getBytes(StandardCharsets.UTF_8));
    if (!read.problems().isEmpty()) {
      throw new IllegalArgumentException(read.problems().toString());
    }
    return Planner.plan(read.services().get(0), read.slices(), context);
  }
}
