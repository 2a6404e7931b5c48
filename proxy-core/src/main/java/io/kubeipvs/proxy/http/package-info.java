/**
 * A small HTTP server on netty: one thread, small buffers, and limits on everything a client can
 * send, hold or ask for. Knows nothing of what it serves.
 */
@NullMarked
package io.kubeipvs.proxy.http;

import org.jspecify.annotations.NullMarked;
