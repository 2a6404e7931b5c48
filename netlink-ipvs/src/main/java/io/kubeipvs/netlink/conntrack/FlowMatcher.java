package io.kubeipvs.netlink.conntrack;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Matches a flow against any number of filters at the price of a few hash lookups.
 *
 * <p>Filters that name the same parts have the same shape. What a flow has in the parts of a shape
 * is itself a filter: the flow matches when the set has that one. There are 16 shapes at most, and
 * one or two in practice.
 */
final class FlowMatcher {
  private final Set<FlowFilter> filters;
  private final Set<Shape> shapes = new HashSet<>();

  FlowMatcher(Collection<FlowFilter> filters) {
    this.filters = Set.copyOf(filters);
    filters.forEach(filter -> shapes.add(Shape.of(filter)));
  }

  boolean matches(Flow flow) {
    for (Shape shape : shapes) {
      if (filters.contains(shape.of(flow))) {
        return true;
      }
    }
    return false;
  }

  private record Shape(
      boolean destination, boolean destinationPort, boolean server, boolean serverPort) {

    static Shape of(FlowFilter filter) {
      return new Shape(
          filter.originalDestination().isPresent(),
          filter.originalDestinationPort() != 0,
          filter.replySource().isPresent(),
          filter.replySourcePort() != 0);
    }

    FlowFilter of(Flow flow) {
      FlowTuple original = flow.original();
      FlowTuple reply = flow.reply();
      return new FlowFilter(
          flow.family(),
          flow.protocol(),
          destination ? Optional.of(original.destination()) : Optional.empty(),
          destinationPort ? original.destinationPort() : 0,
          server ? Optional.of(reply.source()) : Optional.empty(),
          serverPort ? reply.sourcePort() : 0);
    }
  }
}
