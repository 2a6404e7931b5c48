package io.kubeipvs.proxy.apply;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.IptablesState;
import io.kubeipvs.proxy.state.RuleChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps one family's tables as an {@link IptablesState} wants them. Changes are loaded as they are;
 * when the kernel cannot be trusted to hold what was loaded (before the first comparison, after a
 * failure), a comparison comes first.
 *
 * <p>The tools take all or nothing, but one Service that they refuse must not stop the others: it
 * is looked for and left out, as if it were gone, until its plan changes or a later look finds that
 * it is taken.
 *
 * <p>Belongs to the sync thread.
 */
public final class RuleLoader {
  /** Of refused Services, so many are tried again with each look. */
  private static final int RETRIES = 10;

  /** For more than so many Services, one comparison is quicker than a change of each. */
  private static final int MANY = 500;

  private final AddressFamily family;
  private final Iptables iptables;
  private final Conntrack conntrack;
  private final IptablesState state;
  private final GenerationReader generation;

  private final SortedMap<ServiceName, Refused> refused = new TreeMap<>();
  private final Set<FlowFilter> toForget = new LinkedHashSet<>();
  private final Map<Table, Integer> lastWritten = new EnumMap<>(Table.class);
  private boolean trusted;
  private boolean flowsChecked;
  private boolean natFirst;

  /** Of nf_tables, when they were last read and nothing was to be written. */
  private OptionalLong found = OptionalLong.empty();

  private List<String> obstacles = List.of();
  private long restoreFailures;
  private long partialRestoreFailures;

  /** Empty where there is none. */
  @FunctionalInterface
  public interface GenerationReader {
    OptionalLong read() throws IOException;
  }

  private record Refused(ServiceRules plan, Failure failure) {}

  /**
   * What became of a load.
   *
   * @param repairs those of {@code done} that nothing had asked for: the tables were not as we left
   *     them
   */
  public record Loaded(
      List<Operation> done, List<Operation> repairs, List<Failure> failures, int forgottenFlows) {
    public Loaded {
      done = List.copyOf(done);
      repairs = List.copyOf(repairs);
      failures = List.copyOf(failures);
    }
  }

  public RuleLoader(Iptables iptables, Conntrack conntrack, IptablesState state) {
    this(iptables, conntrack, state, OptionalLong::empty);
  }

  /**
   * @param generation of nf_tables: while it is the same, a look would find nothing new
   */
  public RuleLoader(
      Iptables iptables, Conntrack conntrack, IptablesState state, GenerationReader generation) {
    this.generation = generation;
    this.family = iptables.family() == Family.IPV4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
    this.iptables = iptables;
    this.conntrack = conntrack;
    this.state = state;
  }

  /**
   * Loads what these plans change. Never throws: what the tools refuse is in the report, and made
   * up for the next time.
   *
   * @param changed no Service twice
   * @param look read the tables, and write what differs; nothing at all when nothing does
   */
  public Loaded load(Collection<ServiceRules> changed, boolean look) {
    lastWritten.clear();
    Run run = new Run();
    try {
      run.load(changed, look);
    } catch (IOException e) {
      trusted = false;
      run.failures.add(Failure.of(new Operation.Rules(family, run.attempted), e));
    }
    return new Loaded(run.done, run.repairs, run.failures, run.forgottenFlows);
  }

  /** Other constants, as when the node's addresses changed; the next load compares. */
  public void putConstants(RuleSet constants) {
    state.putConstants(constants);
    trusted = false;
  }

  /**
   * With the next comparison the translation changes before the firewall: where IPVS has served
   * until now, the firewall of iptables mode drops what is not translated yet.
   */
  public void beginWithNat() {
    natFirst = true;
    trusted = false;
  }

  /** Services that are left out, and what the tool said of them, in order. */
  public List<Failure> refused() {
    return refused.values().stream().map(Refused::failure).toList();
  }

  /** What stands in the way of a complete job, as the last look found it. */
  public List<String> obstacles() {
    return obstacles;
  }

  /** The Service's plan, whether the tool takes it or not. */
  public ServiceRules planned(ServiceName service) {
    Refused left = refused.get(service);
    return left != null ? left.plan() : state.plan(service);
  }

  /** What should be there; belongs to the sync thread. */
  public IptablesState state() {
    return state;
  }

  /** How many rules there are and how often loading them failed. */
  public RuleFigures figures() {
    return new RuleFigures(
        state.ruleCounts(), lastWritten, restoreFailures, partialRestoreFailures);
  }

  /** One load on its way. */
  private final class Run {
    private final List<Operation> done = new ArrayList<>();
    private final List<Operation> repairs = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private Restore attempted = Restore.nothing(iptables.family());
    private int forgottenFlows;

    void load(Collection<ServiceRules> changed, boolean look) throws IOException {
      changed.forEach(plan -> refused.remove(plan.service()));
      List<Refused> before = List.copyOf(refused.values());
      if (!trusted || changed.size() > MANY) {
        enter(changed);
        compare();
      } else if (!change(changed)) {
        compare();
      } else if (look && !isAsFound()) {
        Restore repair = compare();
        if (!repair.isEmpty()) {
          repairs.add(new Operation.Rules(family, repair));
        }
      }
      if (look) {
        tryAgain(before);
      }
      forget();
    }

    private void enter(Collection<ServiceRules> changed) {
      if (flowsChecked) {
        toForget.addAll(state.put(changed).forgotten());
      } else {
        state.fill(changed); // what went astray before is looked for in the kernel
      }
    }

    /** Whether the tool took it, without anything having been read. */
    private boolean change(Collection<ServiceRules> changed) throws IOException {
      RuleChange change = state.put(changed);
      toForget.addAll(change.forgotten());
      trusted = false;
      try {
        restore(change.restore());
        trusted = true;
      } catch (IptablesException e) {
        partialRestoreFailures++;
      }
      return trusted;
    }

    /** Nobody has changed a table since the last look, which found all in order. */
    private boolean isAsFound() throws IOException {
      return found.isPresent() && found.equals(generation.read());
    }

    private Restore compare() throws IOException {
      trusted = false;
      OptionalLong now = generation.read();
      SavedRules observed = iptables.save();
      Restore repair = inOrder(state.repair(observed));
      try {
        restore(repair);
      } catch (IptablesException e) {
        // Refused even so, it is nobody's: a rule that no Service changes.
        restore(inOrder(RuleDiffer.diff(state.wantedOnlyAdding(List.of()), observed)));
        add(List.copyOf(state.services()), iptables.save(), e);
        repair = inOrder(state.repair(iptables.save()));
        restore(repair);
      }
      natFirst = false;
      obstacles = repair.problems();
      found = iptables.isOfNfTables() && repair.isEmpty() ? now : OptionalLong.empty();
      trusted = true;
      return repair;
    }

    private Restore inOrder(Restore repair) {
      return natFirst ? repair.natFirst() : repair;
    }

    private void restore(Restore restore) throws IOException {
      attempted = restore;
      if (restore.isEmpty()) {
        return;
      }
      try {
        iptables.restore(restore);
      } catch (IptablesException e) {
        restoreFailures++;
        throw e;
      }
      for (Table table : Table.values()) {
        lastWritten.merge(table, restore.ruleCount(table), Integer::sum);
      }
      done.add(new Operation.Rules(family, restore));
    }

    /**
     * Adds what these Services have, in halves where the tool refuses it, down to those that are to
     * blame. Nothing is taken away meanwhile, so all that was served still is.
     */
    private void add(List<ServiceName> services, SavedRules observed, IptablesException refusal)
        throws IOException {
      if (services.isEmpty()) {
        throw refusal;
      }
      try {
        restore(inOrder(RuleDiffer.diff(state.wantedOnlyAdding(services), observed)));
      } catch (IptablesException e) {
        if (services.size() == 1) {
          leaveOut(state.plan(services.get(0)), e);
          return;
        }
        int middle = services.size() / 2;
        add(services.subList(0, middle), observed, e);
        add(services.subList(middle, services.size()), observed, e);
      }
    }

    private void leaveOut(ServiceRules plan, IptablesException refusal) {
      Operation operation = new Operation.ServiceRules(family, plan.service());
      Failure failure = Failure.of(operation, refusal);
      refused.put(plan.service(), new Refused(plan, failure));
      failures.add(failure);
      toForget.addAll(state.put(List.of(ServiceRules.nothing(plan.service()))).forgotten());
    }

    /** A module that was missing may have been loaded meanwhile. */
    private void tryAgain(List<Refused> before) throws IOException {
      for (Refused each : before.subList(0, Math.min(RETRIES, before.size()))) {
        RuleChange change = state.put(List.of(each.plan()));
        try {
          restore(change.restore());
          refused.remove(each.plan().service());
          toForget.addAll(change.forgotten());
        } catch (IptablesException e) {
          leaveOut(each.plan(), e);
        }
      }
    }

    /** Only when the new rules are there, or a client's next packet makes the old flow again. */
    private void forget() {
      try {
        if (!flowsChecked) {
          for (Protocol protocol : List.of(Protocol.UDP, Protocol.SCTP)) {
            toForget.addAll(state.astray(conntrack.flows(family, protocol)));
          }
          flowsChecked = true;
        }
        if (!toForget.isEmpty()) {
          forgottenFlows = conntrack.delete(toForget);
          toForget.forEach(filter -> done.add(new Operation.ForgetFlows(filter)));
          toForget.clear();
        }
      } catch (IOException e) {
        FlowFilter any = FlowFilter.toPort(family, Protocol.UDP, 0);
        failures.add(Failure.of(new Operation.ForgetFlows(any), e));
      }
    }
  }
}
