/**
 * What to do to the kernel so that it holds what it should: a comparison of values that gives
 * operations in a safe order. No I/O, no clock, no log; it does not know what a Service is.
 */
@NullMarked
package io.kubeipvs.proxy.diff;

import org.jspecify.annotations.NullMarked;
