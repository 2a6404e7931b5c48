package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.util.ArrayList;
import java.util.List;

/** Whether our sets have room, and are what our rules take them for. */
final class SetFillCheck implements Check {
  static final String ID = "sets";

  private static final int WARNING_PERCENT = 90;

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (!facts.sets().isPresent()) {
      return List.of(Finding.unknown(ID, "the sets", facts.sets().missing()));
    }
    List<Finding> findings = new ArrayList<>();
    List<ObservedSet> sets = facts.sets().value().orElseThrow();
    for (ObservedSet set : sets) {
      SetSpec spec = KubeSets.ALL.get(set.header().name());
      if (spec != null && !set.header().serves(spec)) {
        findings.add(other(set.header(), spec));
      } else {
        fill(set, findings);
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(ID, "the sets are ours and have room", sets.size() + " sets"))
        : findings;
  }

  private static Finding other(SetHeader header, SetSpec spec) {
    return Finding.of(
            ID,
            Severity.ERROR,
            "a set has our name and is of another kind: nothing of ours can be in it",
            header.name() + " is a " + header.typeName() + " with maxelem " + maximum(header),
            "wanted: " + spec)
        .remedy("find out who made it, remove its rules, and `ipset destroy " + spec.name() + "`");
  }

  private static void fill(ObservedSet set, List<Finding> findings) {
    long maximum = maximum(set.header());
    int elements = set.entries().size();
    if (maximum > 0 && elements * 100L >= maximum * WARNING_PERCENT) {
      findings.add(
          Finding.of(
                  ID,
                  Severity.INFO,
                  "a set is nearly full; the proxy makes a larger one when it needs one, kube-proxy"
                      + " would stop here",
                  "%s: %d of %d entries".formatted(set.header().name(), elements, maximum))
              .remedy("keep kube-ipvs running; nothing else"));
    }
  }

  private static long maximum(SetHeader header) {
    return Integer.toUnsignedLong(header.maximumElements());
  }
}
