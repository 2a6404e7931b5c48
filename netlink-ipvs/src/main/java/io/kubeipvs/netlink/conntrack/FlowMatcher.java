package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.netlink.conntrack.FlowFilter.Answerer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Matches a flow against any number of filters at the price of a few hash lookups.
 *
 * <p>Filters that name the same parts have the same shape. What a flow has in the parts of a shape
 * is itself a filter: the flow matches when there is that one, and it does not spare the flow.
 * There are 16 shapes at most, and one or two in practice.
 */
final class FlowMatcher {
  /** Whom each filter spares; of two that are the same otherwise, whom both spare. */
  private final Map<FlowFilter, Set<Answerer>> filters = new HashMap<>();

  private final Set<Shape> shapes = new HashSet<>();

  FlowMatcher(Collection<FlowFilter> filters) {
    for (FlowFilter filter : filters) {
      shapes.add(Shape.of(filter));
      this.filters.merge(filter.sparing(Set.of()), filter.spared(), FlowMatcher::common);
    }
  }

  private static Set<Answerer> common(Set<Answerer> some, Set<Answerer> others) {
    Set<Answerer> both = new HashSet<>(some);
    both.retainAll(others);
    return both;
  }

  boolean matches(Flow flow) {
    for (Shape shape : shapes) {
      Set<Answerer> spared = filters.get(shape.of(flow));
      if (spared != null && !spared.contains(FlowFilter.answererOf(flow))) {
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
          serverPort ? reply.sourcePort() : 0,
          Set.of());
    }
  }
}
