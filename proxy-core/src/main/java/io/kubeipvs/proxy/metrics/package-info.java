/**
 * Figures for Prometheus: kube-proxy's names where they fit, ours for what only we know, and on
 * request those of node_exporter and kube-router. {@code docs/metrics.md} lists them all.
 */
@NullMarked
package io.kubeipvs.proxy.metrics;

import org.jspecify.annotations.NullMarked;
