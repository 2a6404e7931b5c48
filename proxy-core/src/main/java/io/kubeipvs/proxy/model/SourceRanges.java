package io.kubeipvs.proxy.model;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpPrefix;
import java.util.List;

/**
 * {@code spec.loadBalancerSourceRanges}: who may reach the load balancer's addresses.
 *
 * <p>A family without a range of its own is not restricted, even when the other one is: that is
 * what a single-stack proxy makes of a list for both. A range of length 0 means everybody.
 *
 * @param ranges sorted, without duplicates
 * @param unreadable whether the Service gave a range that is none. It may have been meant for
 *     either family, so both are then restricted to what could be read: a typing error must not
 *     open a Service.
 */
public record SourceRanges(List<IpPrefix> ranges, boolean unreadable) {
  /** Everybody. */
  public static final SourceRanges NONE = new SourceRanges(List.of(), false);

  public SourceRanges {
    ranges = ranges.stream().distinct().sorted().toList();
  }

  public static SourceRanges of(List<IpPrefix> ranges) {
    return new SourceRanges(ranges, false);
  }

  public List<IpPrefix> of(AddressFamily family) {
    return ranges.stream().filter(range -> range.family() == family).toList();
  }

  /** Whether some clients of that family are kept out. */
  public boolean restrict(AddressFamily family) {
    List<IpPrefix> own = of(family);
    return (unreadable || !own.isEmpty()) && own.stream().noneMatch(range -> range.length() == 0);
  }
}
