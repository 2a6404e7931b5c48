package io.kubeipvs.proxy.metrics;

/** Names of other exporters that are served too. */
public enum MetricNames {
  NODE_EXPORTER,
  KUBE_ROUTER
}
