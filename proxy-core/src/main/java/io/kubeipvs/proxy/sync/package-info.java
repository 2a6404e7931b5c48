/**
 * The loop: takes what changed, plans, compares, applies, and decides when to do so again. One
 * thread owns everything it touches; others see {@link io.kubeipvs.proxy.sync.SyncStatus}.
 */
@NullMarked
package io.kubeipvs.proxy.sync;

import org.jspecify.annotations.NullMarked;
