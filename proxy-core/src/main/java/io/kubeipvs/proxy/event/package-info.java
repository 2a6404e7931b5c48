/**
 * What is worth telling people beside the log: events about the node and about Services. Knows
 * neither the API nor what happened; whoever has an API gives it an {@link
 * io.kubeipvs.proxy.event.EventSink}.
 */
@NullMarked
package io.kubeipvs.proxy.event;

import org.jspecify.annotations.NullMarked;
