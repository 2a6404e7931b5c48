package io.kubeipvs.netlink.route;

/**
 * A network interface.
 *
 * @param kind {@code dummy}, {@code veth}, ...; empty for real devices and {@code lo}
 * @param up whether {@code IFF_UP} is set
 */
public record Link(int index, String name, String kind, boolean up) {}
