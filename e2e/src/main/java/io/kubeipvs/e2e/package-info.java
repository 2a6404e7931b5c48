/**
 * A little cluster made of network namespaces: nodes, pods and outside clients with routed veth
 * pairs, servers that answer with their name, and requests to them. Knows nothing of the daemon but
 * how to start and stop it.
 */
@NullMarked
package io.kubeipvs.e2e;

import org.jspecify.annotations.NullMarked;
