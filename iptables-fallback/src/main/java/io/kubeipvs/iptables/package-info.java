/**
 * Rules of the kernel's packet filter as values: rendered for {@code iptables-restore}, compared
 * with what {@code iptables-save} shows, and loaded by those tools. Nothing here knows Kubernetes;
 * only {@link io.kubeipvs.iptables.IptablesTools} and what it is made of do I/O.
 */
@NullMarked
package io.kubeipvs.iptables;

import org.jspecify.annotations.NullMarked;
