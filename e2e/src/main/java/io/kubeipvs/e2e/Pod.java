package io.kubeipvs.e2e;

/** A pod: one device, {@code eth0}, with addresses of its node's pod networks. */
public record Pod(Namespace namespace, Addresses addresses) implements Host {}
