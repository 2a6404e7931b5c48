package io.kubeipvs.proxy.apply;

import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.IptablesState;
import io.kubeipvs.proxy.state.RuleChange;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps one family's tables as an {@link IptablesState} wants them. Changes are loaded as they are;
 * when the kernel cannot be trusted to hold what was loaded (before the first comparison, after a
 * failure), a comparison comes first.
 *
 * <p>The tools take all or nothing, but one Service that they refuse must not stop the others: it
 * is looked for and left out, as if it were gone, until its plan changes.
 *
 * <p>Belongs to the sync thread.
 */
public final class RuleLoader {
  private final Iptables iptables;
  private final Conntrack conntrack;
  private final IptablesState state;

  private final SortedMap<ServiceName, String> refused = new TreeMap<>();
  private final Set<FlowFilter> toForget = new LinkedHashSet<>();
  private boolean trusted;

  public RuleLoader(Iptables iptables, Conntrack conntrack, IptablesState state) {
    this.iptables = iptables;
    this.conntrack = conntrack;
    this.state = state;
  }

  /**
   * Loads what these plans change.
   *
   * @throws IOException when that failed for a reason that no Service is to blame for; it is made
   *     up for the next time
   */
  public void put(Collection<ServiceRules> changed) throws IOException {
    changed.forEach(plan -> refused.remove(plan.service()));
    RuleChange change = state.put(changed);
    toForget.addAll(change.forgotten());
    if (!trusted) {
      compare();
      return;
    }
    trusted = false;
    try {
      iptables.restore(change.restore());
      trusted = true;
    } catch (IptablesException e) {
      compare();
    }
    forget();
  }

  /**
   * Reads the tables and writes what differs; nothing at all when nothing does.
   *
   * @return what was written in the end
   */
  public Restore compare() throws IOException {
    trusted = false;
    SavedRules observed = iptables.save();
    Restore repair = state.repair(observed);
    try {
      iptables.restore(repair);
    } catch (IptablesException e) {
      add(List.copyOf(state.services()), observed, e);
      repair = state.repair(iptables.save());
      iptables.restore(repair);
    }
    trusted = true;
    forget();
    return repair;
  }

  /** Services that are left out, and what the tool said of them. */
  public SortedMap<ServiceName, String> refused() {
    return Collections.unmodifiableSortedMap(refused);
  }

  /**
   * Adds what these Services have, in halves where the tool refuses it, down to those that are to
   * blame. Nothing is taken away meanwhile, so all that was served still is.
   */
  private void add(List<ServiceName> services, SavedRules observed, IptablesException refusal)
      throws IOException {
    if (services.isEmpty()) {
      throw refusal; // nobody's: a rule that no Service changes
    }
    try {
      iptables.restore(RuleDiffer.diff(state.wantedOnlyAdding(services), observed));
    } catch (IptablesException e) {
      if (services.size() == 1) {
        leaveOut(services.get(0), e);
        return;
      }
      int middle = services.size() / 2;
      add(services.subList(0, middle), observed, e);
      add(services.subList(middle, services.size()), observed, e);
    }
  }

  private void leaveOut(ServiceName service, IptablesException refusal) {
    refused.put(service, String.valueOf(refusal.getMessage()));
    toForget.addAll(state.put(List.of(ServiceRules.nothing(service))).forgotten());
  }

  /** Only when the new rules are there, or a client's next packet makes the old flow again. */
  private void forget() throws IOException {
    if (!toForget.isEmpty()) {
      conntrack.delete(toForget);
      toForget.clear();
    }
  }
}
