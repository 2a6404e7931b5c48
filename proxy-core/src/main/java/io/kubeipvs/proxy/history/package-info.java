/**
 * The flight recorder: what the last syncs did and why, bounded in number and in bytes, whatever
 * happens. Serves as JSON what it holds.
 */
@NullMarked
package io.kubeipvs.proxy.history;

import org.jspecify.annotations.NullMarked;
