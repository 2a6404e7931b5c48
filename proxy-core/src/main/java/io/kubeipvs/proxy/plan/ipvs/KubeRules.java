package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.ipset.SetType;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Match;
import io.kubeipvs.iptables.Match.Direction;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.plan.DetectLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The words that rules of one family are written in. */
record KubeRules(AddressFamily family) {

  static Family toolFamily(AddressFamily family) {
    return family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
  }

  /** Where the packet goes: address and port, or the port alone for a set of ports. */
  Match to(KubeSet set) {
    return set.spec(family).type() == SetType.BITMAP_PORT
        ? in(set, Direction.DST)
        : in(set, Direction.DST, Direction.DST);
  }

  Match in(KubeSet set, Direction... directions) {
    return Match.inSet(set.name(family).value(), directions);
  }

  /** With the set's comment in front, as kube-proxy has it in all rules but a few. */
  Rule commented(Target target, KubeSet set, Match... matches) {
    List<Match> all = new ArrayList<>();
    all.add(Match.comment(set.comment()));
    all.addAll(List.of(matches));
    return new Rule(all, Optional.of(target));
  }

  /** What packets of pods do not meet; empty where nobody knows which those are. */
  Optional<Match> notFromPods(DetectLocal detectLocal) {
    return detectLocal.notFromPods(family);
  }
}
