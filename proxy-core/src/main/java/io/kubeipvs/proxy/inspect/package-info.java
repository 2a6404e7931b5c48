/**
 * What the commands show: a {@link io.kubeipvs.proxy.inspect.Snapshot} of what the cluster asks for
 * and what the kernel holds, how it is taken, and what the loop would do about it. Reads only.
 */
@NullMarked
package io.kubeipvs.proxy.inspect;

import org.jspecify.annotations.NullMarked;
