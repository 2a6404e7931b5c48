/**
 * Plans in the terms of iptables alone: kube-proxy's chains, for nodes without IPVS. Pure, like its
 * parent.
 */
@NullMarked
package io.kubeipvs.proxy.plan.iptables;

import org.jspecify.annotations.NullMarked;
