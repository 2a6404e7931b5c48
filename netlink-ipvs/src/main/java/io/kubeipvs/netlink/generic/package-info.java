/**
 * Generic netlink: families by name, and the header all of them share ({@code linux/genetlink.h}).
 * It knows no family but the controller.
 */
@NullMarked
package io.kubeipvs.netlink.generic;

import org.jspecify.annotations.NullMarked;
