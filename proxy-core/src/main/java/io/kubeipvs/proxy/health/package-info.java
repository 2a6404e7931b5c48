/**
 * Whether this node's proxy is well, and whether a Service has endpoints here: what load balancers
 * and kubelet ask, in kube-proxy's words.
 */
@NullMarked
package io.kubeipvs.proxy.health;

import org.jspecify.annotations.NullMarked;
