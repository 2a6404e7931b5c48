package io.kubeipvs.netlink.route;

import io.kubeipvs.net.IpPrefix;
import java.util.Optional;

/**
 * Which packets look into which table of routes ({@code ip rule}).
 *
 * @param priority unsigned; rules are asked from the least on
 * @param inDevice empty for every one
 * @param outDevice empty for every one
 * @param markMask 0 for every mark
 * @param table 0 where the rule does something else than look into a table
 * @param others whether it asks for more than that (protocols, ports, users, ...), or does
 *     something else: then nothing here says whom it concerns
 */
public record RoutingRule(
    int priority,
    Optional<IpPrefix> source,
    Optional<IpPrefix> destination,
    String inDevice,
    String outDevice,
    int mark,
    int markMask,
    int table,
    boolean inverted,
    boolean others) {}
