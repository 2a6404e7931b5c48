/**
 * What becomes of a packet: a walk through routes, rules, sets and IPVS as they were read from a
 * kernel, in the kernel's own order. Pure: it reads no kernel and knows no time. What it does not
 * understand it says, and never guesses.
 */
@NullMarked
package io.kubeipvs.proxy.explain;

import org.jspecify.annotations.NullMarked;
