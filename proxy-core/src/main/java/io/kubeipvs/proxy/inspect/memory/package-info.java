/**
 * A kernel in memory that begins as a snapshot and takes what a sync writes: the loop runs on it as
 * on the real one, and nothing happens.
 */
@NullMarked
package io.kubeipvs.proxy.inspect.memory;

import org.jspecify.annotations.NullMarked;
