/**
 * Internet addresses as plain values, and what is asked of those who know names for them. Nothing
 * here resolves names, reads interfaces or talks to a kernel.
 */
@NullMarked
package io.kubeipvs.net;

import org.jspecify.annotations.NullMarked;
