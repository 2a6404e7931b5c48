/**
 * Where Services, EndpointSlices and Nodes come from: a directory of manifests, or the Kubernetes
 * API in a package below. Mapping to the model is pure and names every field it refuses; nothing
 * here knows plans or the kernel.
 */
@NullMarked
package io.kubeipvs.proxy.source;

import org.jspecify.annotations.NullMarked;
