package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SourceRanges;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import io.kubeipvs.proxy.state.Conflict;
import io.kubeipvs.proxy.state.DesiredState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whose an address and port are: by what the cluster asks for, else by what sets claim. */
final class Owners {
  private final Map<ServiceKey, Portal> portals = new HashMap<>();
  private final Map<ServiceName, Service> services = new HashMap<>();
  private final List<Conflict> conflicts;
  private final SortedMap<String, ObservedSet> sets;

  /**
   * @param desired empty where nobody knows what the cluster asks for
   */
  Owners(Optional<Cluster> cluster, Optional<DesiredState> desired, Map<String, ObservedSet> sets) {
    this.sets = new TreeMap<>(sets);
    this.conflicts = desired.map(DesiredState::conflicts).orElse(List.of());
    cluster.ifPresent(known -> known.services().forEach(s -> services.put(s.name(), s)));
    desired.ifPresent(state -> state.plans().forEach(plan -> learn(plan, state)));
  }

  private void learn(ServicePlan plan, DesiredState desired) {
    for (Portal portal : plan.portals()) {
      portal
          .services()
          .forEach(
              (key, planned) -> {
                if (planned.equals(desired.service(key)) && !loses(portal)) {
                  portals.put(key, portal);
                }
              });
    }
  }

  private boolean loses(Portal portal) {
    return conflicts.stream()
        .anyMatch(
            conflict ->
                conflict.loser().equals(portal.port())
                    && portal.claim().filter(conflict.claim()::equals).isPresent());
  }

  /** The way in that a packet to that place takes, if the cluster asks for one. */
  Optional<Portal> portal(ServiceKey.Address place) {
    return Optional.ofNullable(portals.get(place));
  }

  Optional<Owner> owner(ServiceKey.Address place) {
    Portal portal = portals.get(place);
    Optional<Owner> claimed = claimed(place);
    return portal != null ? Optional.of(asked(portal, claimed)) : claimed;
  }

  private Owner asked(Portal portal, Optional<Owner> claimed) {
    Service service = services.get(portal.port().service());
    List<String> remarks = new ArrayList<>();
    if (service != null) {
      policy(service, portal.kind()).ifPresent(remarks::add);
      service
          .affinityTimeout()
          .ifPresent(
              time -> remarks.add("sessionAffinity: ClientIP for " + time.toSeconds() + " s"));
      if (portal.kind() == Portal.Kind.LOAD_BALANCER) {
        ranges(service).ifPresent(remarks::add);
      }
    }
    conflicts.stream()
        .filter(conflict -> portal.claim().filter(conflict.claim()::equals).isPresent())
        .forEach(conflict -> remarks.add(conflict.loser() + " wants it too, and is younger"));
    String asks = "the Service asks for it";
    String why = claimed.map(found -> asks + ", and " + found.why()).orElse(asks);
    return new Owner(portal.port().toString(), Words.kind(portal.kind()), why, remarks);
  }

  private static Optional<String> ranges(Service service) {
    SourceRanges ranges = service.external().sourceRanges();
    return ranges.equals(SourceRanges.NONE)
        ? Optional.empty()
        : Optional.of("loadBalancerSourceRanges: " + ranges.ranges());
  }

  private static Optional<String> policy(Service service, Portal.Kind kind) {
    boolean internal = kind == Portal.Kind.CLUSTER_IP;
    TrafficPolicy policy = internal ? service.internalPolicy() : service.external().policy();
    return policy == TrafficPolicy.CLUSTER
        ? Optional.empty()
        : Optional.of((internal ? "internal" : "external") + "TrafficPolicy: Local");
  }

  /** By the entry of a set that claims it. */
  private Optional<Owner> claimed(ServiceKey.Address place) {
    for (ObservedSet set : sets.values()) {
      SetName name = set.header().name();
      if (name.value().startsWith("KUBE-6-") != (place.family() == AddressFamily.IPV6)) {
        continue;
      }
      for (SetEntry entry : candidates(place)) {
        if (set.entries().contains(entry)
            && KubeSets.claim(name, entry).filter(claim -> isOf(claim, place)).isPresent()) {
          String kind =
              name.value()
                  .replaceFirst("^KUBE-(6-)?", "")
                  .replace('-', ' ')
                  .toLowerCase(Locale.ROOT);
          return Optional.of(
              new Owner("", kind, "the entry " + entry + " of " + name + " claims it", List.of()));
        }
      }
    }
    return Optional.empty();
  }

  private static List<SetEntry> candidates(ServiceKey.Address place) {
    return List.of(
        new SetEntry.IpPort(place.address(), place.protocol(), place.port()),
        new SetEntry.Port(place.port()));
  }

  private static boolean isOf(Claim claim, ServiceKey.Address place) {
    return claim.equals(new Claim.Address(place))
        || claim.equals(new Claim.NodePort(place.protocol(), place.port()));
  }
}
