package io.kubeipvs.proxy.plan;

import io.kubeipvs.iptables.Match;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/** How packets of this node's pods are told from others: {@code --detect-local-mode}. */
public sealed interface DetectLocal {

  /** Not at all: nothing is known to be a pod's. */
  DetectLocal NONE = new Ranges(List.of());

  /** What packets of pods meet; empty where nobody knows which those are. */
  Optional<Match> fromPods(AddressFamily family);

  /** What packets of pods do not meet; empty where nobody knows which those are. */
  Optional<Match> notFromPods(AddressFamily family);

  /**
   * By source: the cluster's range ({@code ClusterCIDR}) or the node's own ({@code NodeCIDR}). As
   * in kube-proxy the first range of a family counts.
   */
  record Ranges(List<IpPrefix> ranges) implements DetectLocal {
    public Ranges {
      ranges = List.copyOf(ranges);
    }

    public Optional<IpPrefix> of(AddressFamily family) {
      return ranges.stream().filter(range -> range.family() == family).findFirst();
    }

    @Override
    public Optional<Match> fromPods(AddressFamily family) {
      return of(family).map(IpPrefix::toString).map(Match::source);
    }

    @Override
    public Optional<Match> notFromPods(AddressFamily family) {
      return of(family).map(IpPrefix::toString).map(Match::notSource);
    }
  }

  /** By the bridge all of them are behind: {@code BridgeInterface}. */
  record Bridge(String interfaceName) implements DetectLocal {
    @Override
    public Optional<Match> fromPods(AddressFamily family) {
      return Optional.of(Match.inInterface(interfaceName));
    }

    @Override
    public Optional<Match> notFromPods(AddressFamily family) {
      return Optional.of(Match.notInInterface(interfaceName));
    }
  }

  /** By what the names of their interfaces begin with: {@code InterfaceNamePrefix}. */
  record InterfacePrefix(String prefix) implements DetectLocal {
    @Override
    public Optional<Match> fromPods(AddressFamily family) {
      return Optional.of(Match.inInterface(prefix + "+"));
    }

    @Override
    public Optional<Match> notFromPods(AddressFamily family) {
      return Optional.of(Match.notInInterface(prefix + "+"));
    }
  }
}
