package io.kubeipvs.proxy.model;

/** {@code spec.type}. A Service of type ExternalName has nothing for a proxy to do. */
public enum ServiceType {
  CLUSTER_IP,
  NODE_PORT,
  LOAD_BALANCER
}
