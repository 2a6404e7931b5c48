package io.kubeipvs.iptables;

import java.util.List;
import java.util.stream.Stream;

/** What is to go: jumps wherever they are found, and chains that are not wanted. */
public record Obsolete(List<Jump> jumps, List<ChainPattern> chains) {
  public static final Obsolete NOTHING = new Obsolete(List.of(), List.of());

  public Obsolete {
    jumps = jumps.stream().distinct().toList();
    chains = chains.stream().distinct().toList();
  }

  /** These and those. */
  public Obsolete and(Obsolete others) {
    return new Obsolete(
        Stream.concat(jumps.stream(), others.jumps.stream()).toList(),
        Stream.concat(chains.stream(), others.chains.stream()).toList());
  }
}
