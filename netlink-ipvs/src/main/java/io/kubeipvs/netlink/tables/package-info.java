/**
 * Whether the kernel's packet filter has changed, without reading it, and which tables of nf_tables
 * there are. Knows no rule.
 *
 * <p>No threads, no logging.
 */
@NullMarked
package io.kubeipvs.netlink.tables;

import org.jspecify.annotations.NullMarked;
