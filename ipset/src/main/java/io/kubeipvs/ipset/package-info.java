/**
 * The kernel's IP sets as values and one interface, in the words of {@code ipset(8)}. Nothing here
 * knows netlink messages, Kubernetes or processes.
 */
@NullMarked
package io.kubeipvs.ipset;

import org.jspecify.annotations.NullMarked;
