/**
 * The only place where the kernel is read and written: observing it, keeping a mirror of what was
 * seen and done since, and carrying batches out.
 */
@NullMarked
package io.kubeipvs.proxy.apply;

import org.jspecify.annotations.NullMarked;
