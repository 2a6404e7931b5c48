/**
 * The cluster in our words: Services, EndpointSlices and nodes as values that were checked when
 * they were read. Nothing here knows YAML, the Kubernetes API or the kernel's tables.
 */
@NullMarked
package io.kubeipvs.proxy.model;

import org.jspecify.annotations.NullMarked;
