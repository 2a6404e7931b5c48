/**
 * Whether the kernel's packet filter has changed, without reading it. Knows no rule.
 *
 * <p>No threads, no logging.
 */
@NullMarked
package io.kubeipvs.netlink.tables;

import org.jspecify.annotations.NullMarked;
