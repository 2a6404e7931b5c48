/**
 * The kernel's IPVS table as values and one interface, in the words of {@code ipvsadm(8)} and
 * {@code linux/ip_vs.h}. Nothing here knows netlink or Kubernetes, logs, or keeps time.
 */
@NullMarked
package io.kubeipvs.ipvs;

import org.jspecify.annotations.NullMarked;
