package io.kubeipvs.proxy.model;

/** Where traffic may go: to endpoints of the whole cluster, or only to those of this node. */
public enum TrafficPolicy {
  CLUSTER,
  LOCAL
}
