/** The rules of iptables mode in Kubernetes' words. */
@NullMarked
package io.kubeipvs.proxy.inspect.rules;

import org.jspecify.annotations.NullMarked;
