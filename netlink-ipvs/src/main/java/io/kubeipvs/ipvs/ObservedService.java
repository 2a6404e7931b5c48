package io.kubeipvs.ipvs;

/** A virtual service as a dump shows it. Its servers come by {@link Ipvs#servers}. */
public record ObservedService(VirtualService service, Statistics statistics) {}
