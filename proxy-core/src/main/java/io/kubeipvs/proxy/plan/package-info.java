/**
 * What the kernel should hold for a Service, worked out from values alone: no I/O, no clock, no
 * log.
 */
@NullMarked
package io.kubeipvs.proxy.plan;

import org.jspecify.annotations.NullMarked;
