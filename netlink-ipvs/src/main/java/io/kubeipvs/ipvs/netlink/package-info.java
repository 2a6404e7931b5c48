/** The IPVS table over generic netlink ({@code IPVS_GENL_NAME} of {@code linux/ip_vs.h}). */
@NullMarked
package io.kubeipvs.ipvs.netlink;

import org.jspecify.annotations.NullMarked;
