package io.kubeipvs.e2e;

/** Somebody outside the cluster, a router away from the nodes. */
public record Client(Namespace namespace, Addresses addresses) implements Host {}
