/**
 * Internet addresses as plain values. Nothing here resolves names, reads interfaces or talks to a
 * kernel.
 */
@NullMarked
package io.kubeipvs.net;

import org.jspecify.annotations.NullMarked;
