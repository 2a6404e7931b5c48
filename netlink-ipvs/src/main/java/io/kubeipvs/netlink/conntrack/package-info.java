/** Flows of the connection tracker over ctnetlink ({@code nfnetlink_conntrack.h}). */
@NullMarked
package io.kubeipvs.netlink.conntrack;

import org.jspecify.annotations.NullMarked;
