/**
 * Services, EndpointSlices and this Node from the Kubernetes API: how to reach it and with whose
 * credentials, lists and watches, and what of an answer is believed. Objects become the model's
 * records one by one as they are read; nothing here keeps more of them than their names. Events are
 * written there too.
 */
@NullMarked
package io.kubeipvs.proxy.source.kubernetes;

import org.jspecify.annotations.NullMarked;
