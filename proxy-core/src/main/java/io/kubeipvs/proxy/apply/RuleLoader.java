package io.kubeipvs.proxy.apply;

import io.kubeipvs.iptables.ChainKey;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one family's tables as an {@link IptablesState} wants them. Changes are loaded as they are;
 * when the kernel cannot be trusted to hold what was loaded (before the first comparison, after a
 * failure), a comparison comes first.
 *
 * <p>The tools take all or nothing of a table, but one Service that they refuse must not stop the
 * others: it is looked for, and keeps the rules it had, until its plan changes or a later look
 * finds that it is taken. Nobody is blamed for a tool that is out of order.
 *
 * <p>Belongs to the sync thread.
 */
public final class RuleLoader {
  /** Of refused Services, so many are tried again with each look. */
  private static final int RETRIES = 10;

  /** For more than so many Services, one comparison is quicker than a change of each. */
  private static final int MANY = 500;

  /** Looking for those to blame ends after so long; it goes on with the next look. */
  private static final long LONGEST_SEARCH_NANOS = 20_000_000_000L;

  /** A chain without rules, which is there anyway. */
  private static final ChainKey CANARY = ChainKey.of(Table.NAT, "KUBE-PROXY-CANARY");

  private final AddressFamily family;
  private final Iptables iptables;
  private final Conntrack conntrack;
  private final IptablesState state;
  private final GenerationReader generation;
  private final long longestSearchNanos;

  private final SortedMap<ServiceName, Refused> refused = new TreeMap<>();

  /** Of those in {@link #refused}, what nobody had the time to try. */
  private final Set<ServiceName> untried = new HashSet<>();

  /** The last of the refused that was tried again. */
  private @Nullable ServiceName lastTried;

  /** The plans that the kernel took last, of Services whose newer ones it may not have taken. */
  private final Map<ServiceName, ServiceRules> former = new HashMap<>();

  private final Set<FlowFilter> toForget = new LinkedHashSet<>();
  private final Map<Table, Integer> lastWritten = new EnumMap<>(Table.class);
  private boolean trusted;
  private boolean flowsChecked;
  private boolean natFirst;

  /** Whether a table cannot be read: then changes are written, and nothing is compared. */
  private boolean isPartial;

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
    this(iptables, conntrack, state, generation, LONGEST_SEARCH_NANOS);
  }

  RuleLoader(
      Iptables iptables,
      Conntrack conntrack,
      IptablesState state,
      GenerationReader generation,
      long longestSearchNanos) {
    this.longestSearchNanos = longestSearchNanos;
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

    /** So that a search that has no time for all gets on with each look. */
    private final List<ServiceName> searchFirst = new ArrayList<>();

    void load(Collection<ServiceRules> changed, boolean look) throws IOException {
      changed.forEach(plan -> forgive(plan.service()));
      if (look) {
        searchOn();
      }
      List<ServiceName> before = List.copyOf(refused.keySet());
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
      if (isPartial) {
        Operation rules = new Operation.Rules(family, Restore.nothing(iptables.family()));
        failures.add(Failure.leftOut(rules, String.join("; ", obstacles)));
      }
      if (look) {
        tryAgain(before);
      }
      forget();
    }

    /** Its plan is another one now. */
    private void forgive(ServiceName service) {
      refused.remove(service);
      untried.remove(service);
    }

    /**
     * Those whose turn did not come are wanted again, and the next comparison goes on with them.
     */
    private void searchOn() {
      List<ServiceRules> plans = new ArrayList<>();
      for (ServiceName service : List.copyOf(untried)) {
        Refused left = refused.get(service);
        if (left != null) {
          plans.add(left.plan());
        }
        forgive(service);
      }
      if (!plans.isEmpty()) {
        plans.forEach(plan -> searchFirst.add(plan.service()));
        enter(plans);
        trusted = false;
      }
    }

    private void enter(Collection<ServiceRules> changed) {
      remember(changed);
      if (flowsChecked) {
        toForget.addAll(state.put(changed).forgotten());
      } else {
        state.fill(changed); // what went astray before is looked for in the kernel
      }
    }

    /** Whether the tool took it, without anything having been read. */
    private boolean change(Collection<ServiceRules> changed) throws IOException {
      remember(changed);
      RuleChange change = state.put(changed);
      toForget.addAll(change.forgotten());
      trusted = false;
      try {
        restore(change.restore());
        trust();
      } catch (IptablesException e) {
        partialRestoreFailures++;
      }
      return trusted;
    }

    private void remember(Collection<ServiceRules> changed) {
      changed.forEach(plan -> former.putIfAbsent(plan.service(), state.plan(plan.service())));
    }

    private void trust() {
      trusted = true;
      former.clear();
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
        restore(canary()); // a tool that refuses this, too, is out of order
        repair = onceMore();
      }
      natFirst = false;
      obstacles = repair.problems();
      found = iptables.isOfNfTables() && repair.isEmpty() ? now : OptionalLong.empty();
      RuleSet constants = state.wantedOnlyAdding(List.of());
      isPartial = !RuleDiffer.leftAlone(constants.jumps(), observed).isEmpty();
      trust();
      return repair;
    }

    /** A table may have been written before another one was refused: it is read again. */
    private Restore onceMore() throws IOException {
      Restore repair = inOrder(state.repair(iptables.save()));
      try {
        restore(repair);
        return repair;
      } catch (IptablesException e) {
        return withoutThoseToBlame(e);
      }
    }

    private Restore withoutThoseToBlame(IptablesException refusal) throws IOException {
      // Refused even so, it is nobody's: a rule that no Service changes.
      restore(inOrder(RuleDiffer.diff(state.wantedOnlyAdding(List.of()), iptables.save())));
      long deadline = System.nanoTime() + longestSearchNanos;
      Set<ServiceName> services = new LinkedHashSet<>(searchFirst);
      services.addAll(state.services());
      add(List.copyOf(services), iptables.save(), refusal, deadline);
      Restore rest = inOrder(rest(iptables.save()));
      restore(rest);
      return rest;
    }

    /** While some wait for their turn nothing is taken away: they may be served by it. */
    private Restore rest(SavedRules observed) {
      return untried.isEmpty()
          ? state.repair(observed)
          : RuleDiffer.diff(state.wanted().onlyAdding(), observed);
    }

    private Restore canary() {
      RuleSet only = RuleSet.of(iptables.family(), Map.of(CANARY, List.of()), List.of());
      return RuleDiffer.diff(only, SavedRules.NONE);
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
    private void add(
        List<ServiceName> services, SavedRules observed, IptablesException refusal, long deadline)
        throws IOException {
      if (services.isEmpty()) {
        throw refusal;
      }
      try {
        restore(adding(services, observed));
      } catch (IptablesException e) {
        if (services.size() == 1) {
          blame(services.get(0), observed);
        } else {
          int middle = services.size() / 2;
          add(services.subList(0, middle), observed, e, deadline);
          List<ServiceName> others = services.subList(middle, services.size());
          if (System.nanoTime() - deadline > 0) {
            postpone(others, observed, e);
          } else {
            add(others, observed, e, deadline);
          }
        }
      }
    }

    private Restore adding(List<ServiceName> services, SavedRules observed) {
      return inOrder(RuleDiffer.diff(state.wantedOnlyAdding(services), observed));
    }

    /** Refused twice, by a tool that takes other things in between. */
    private void blame(ServiceName service, SavedRules observed) throws IOException {
      restore(canary());
      try {
        restore(adding(List.of(service), observed));
      } catch (IptablesException e) {
        leaveOut(state.plan(service), e);
      }
    }

    /** Who is served already stays; who is not has to wait. */
    private void postpone(
        List<ServiceName> services, SavedRules observed, IptablesException refusal) {
      for (ServiceName service : services) {
        ServiceRules plan = state.plan(service);
        if (former.containsKey(service) && !isThere(plan, observed)) {
          leaveOut(plan, refusal);
          untried.add(service);
        }
      }
    }

    private static boolean isThere(ServiceRules plan, SavedRules observed) {
      return plan.chains().keySet().stream()
          .allMatch(key -> observed.table(key.table()).chains().containsKey(key.name().value()));
    }

    /**
     * It keeps the rules it had, if it had any that were taken. When even those are refused, it is
     * still the newest plan that is tried again.
     */
    private void leaveOut(ServiceRules plan, IptablesException refusal) {
      Operation operation = new Operation.ServiceRules(family, plan.service());
      Failure failure = Failure.of(operation, refusal);
      Refused before = refused.get(plan.service());
      refused.put(plan.service(), new Refused(before == null ? plan : before.plan(), failure));
      failures.add(failure);
      ServiceRules kept = former.remove(plan.service());
      ServiceRules newest = before == null ? plan : before.plan();
      ServiceRules instead =
          kept == null ? ServiceRules.nothing(plan.service()) : kept.asFarAsClaimedBy(newest);
      toForget.addAll(state.put(List.of(instead)).forgotten());
    }

    /** A module that was missing may have been loaded meanwhile. Each has its turn. */
    private void tryAgain(List<ServiceName> before) throws IOException {
      for (ServiceName service : nextOf(before)) {
        lastTried = service;
        Refused each = refused.get(service);
        if (each != null && !untried.contains(service)) {
          tryAgain(each);
        }
      }
    }

    private void tryAgain(Refused each) throws IOException {
      ServiceName service = each.plan().service();
      ServiceRules present = state.plan(service);
      RuleChange change = state.put(List.of(each.plan()));
      former.put(service, present);
      toForget.addAll(change.forgotten());
      try {
        // The firewall takes nearly everything: what the translation refuses must not be half done.
        restore(change.restore().natFirst());
        former.remove(service);
        refused.remove(service);
      } catch (IptablesException e) {
        // Of several tables the first may have been written.
        trusted = trusted && tablesIn(change.restore()) < 2;
        leaveOut(each.plan(), e);
      }
    }

    private static long tablesIn(Restore restore) {
      return restore.text().lines().filter(line -> line.startsWith("*")).count();
    }

    private List<ServiceName> nextOf(List<ServiceName> services) {
      ServiceName last = lastTried;
      int start = 0;
      while (last != null && start < services.size() && services.get(start).compareTo(last) <= 0) {
        start++;
      }
      List<ServiceName> next = new ArrayList<>(services.subList(start, services.size()));
      next.addAll(services.subList(0, start));
      return next.subList(0, Math.min(RETRIES, next.size()));
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
