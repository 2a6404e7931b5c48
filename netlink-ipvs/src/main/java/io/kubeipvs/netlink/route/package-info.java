/**
 * Links, their addresses and local routes over {@code rtnetlink(7)}, and a subscription to their
 * changes. Knows nothing of IPVS or Kubernetes.
 */
@NullMarked
package io.kubeipvs.netlink.route;

import org.jspecify.annotations.NullMarked;
