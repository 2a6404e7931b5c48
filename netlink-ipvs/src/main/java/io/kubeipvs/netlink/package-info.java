/**
 * Netlink transport ({@code netlink(7)}): connections, messages, attributes, errors. It knows no
 * netlink family but the framing all of them share; jnr-ffi is seen by {@code LibcSocket} only.
 */
@NullMarked
package io.kubeipvs.netlink;

import org.jspecify.annotations.NullMarked;
