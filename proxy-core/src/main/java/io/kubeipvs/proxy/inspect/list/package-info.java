/** The IPVS table in Kubernetes' words. */
@NullMarked
package io.kubeipvs.proxy.inspect.list;

import org.jspecify.annotations.NullMarked;
