/** IP sets over nfnetlink: the codec and {@link io.kubeipvs.ipset.netlink.NetlinkIpSets}. */
@NullMarked
package io.kubeipvs.ipset.netlink;

import org.jspecify.annotations.NullMarked;
