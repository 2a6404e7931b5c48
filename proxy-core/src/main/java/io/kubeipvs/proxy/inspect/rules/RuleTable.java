package io.kubeipvs.proxy.inspect.rules;

import io.kubeipvs.iptables.Counted;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.plan.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Services as the rules of iptables mode have them: each way in, the chain that it leads to, and
 * whom that chain chooses by which chance.
 */
public final class RuleTable {
  private final Map<Place, Way> ways = new LinkedHashMap<>();

  /**
   * Where packets are sent.
   *
   * @param address empty for a node port, which is at every address that leads there
   */
  public record Place(
      AddressFamily family, Protocol protocol, Optional<IpAddress> address, int port)
      implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::family)
            .thenComparing(place -> place.address().isEmpty())
            .thenComparing(place -> place.address().orElse(IpAddress.any(place.family())))
            .thenComparing(Place::port)
            .thenComparing(Place::protocol);

    public static Place of(ServiceKey.Address key) {
      return new Place(key.family(), key.protocol(), Optional.of(key.address()), key.port());
    }

    public static Place nodePort(AddressFamily family, Protocol protocol, int port) {
      return new Place(family, protocol, Optional.empty(), port);
    }

    /** What only one Service can have. */
    public Claim claim() {
      return address
          .<Claim>map(known -> new Claim.Address(new ServiceKey.Address(protocol, known, port)))
          .orElseGet(() -> new Claim.NodePort(protocol, port));
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** What becomes of what no chain takes. */
  public enum Unserved {
    NO,
    REFUSED,
    DROPPED
  }

  /**
   * A way in.
   *
   * @param owner what the rule's comment calls it: {@code default/web:http}
   * @param chain that it leads to; empty where it only ends here
   * @param unserved whether a rule refuses or drops what nobody translated
   * @param counted by the rule that leads to the chain, or that ends it
   * @param choices servers that new connections go to, in the order of the rules
   */
  public record Way(
      Place place,
      String owner,
      String chain,
      Unserved unserved,
      Counted counted,
      List<Choice> choices) {
    public Way {
      choices = List.copyOf(choices);
    }
  }

  /**
   * Somebody a chain may choose.
   *
   * @param chain that translates to it: {@code KUBE-SEP-...}
   * @param share of new connections, 0..1, of clients that no affinity sends elsewhere
   * @param counted by the rule that translates, whichever way packets came
   */
  public record Choice(ServerKey server, String chain, double share, Counted counted) {}

  RuleTable(Collection<Way> ways) {
    ways.forEach(this::add);
  }

  /** Of two rules for one place the first counts; an end may stand beside a way that goes on. */
  private void add(Way way) {
    ways.merge(way.place(), way, RuleTable::both);
  }

  private static Way both(Way first, Way second) {
    if (first.unserved() != Unserved.NO || second.unserved() == Unserved.NO) {
      return first;
    }
    return new Way(
        first.place(),
        first.owner(),
        first.chain(),
        second.unserved(),
        first.counted(),
        first.choices());
  }

  /** Those of several families together. */
  public static RuleTable of(Map<AddressFamily, SavedRules> families) {
    List<Way> all = new ArrayList<>();
    families.forEach((family, saved) -> all.addAll(new RuleTableReader(family, saved).ways()));
    return new RuleTable(all);
  }

  public Optional<Way> way(Place place) {
    return Optional.ofNullable(ways.get(place));
  }

  /** In the rules' order. */
  public Collection<Way> ways() {
    return List.copyOf(ways.values());
  }
}
