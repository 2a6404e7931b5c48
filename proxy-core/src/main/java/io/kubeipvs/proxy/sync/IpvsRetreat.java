package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.ApplyReport;
import io.kubeipvs.proxy.apply.CleanUp;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what IPVS mode has left out of the kernel while iptables mode serves: as if no Service were
 * wanted, so that connections go on until they end, and then the sets and the device. Flows of UDP
 * are connections here, as long as their server is wanted: what IPVS has is tracked, so no rule
 * translates it, and the next packet of a client would lead nowhere until its flow is forgotten.
 * Whose the virtual services are, the sets tell, as always.
 */
public final class IpvsRetreat {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.sync");

  private final Kernel kernel;
  private final DiffSettings settings;
  private final SyncLoop loop;
  private boolean over;

  /**
   * Servers of UDP and SCTP that rules lead to; asked for only where such drain: there are many.
   */
  private Supplier<Set<ServerKey>> rulesLeadTo = Set::of;

  /** Of this step; null until it is asked for. */
  private @Nullable Set<ServerKey> served;

  /** What the last look left undone; a step between looks does not try it again. */
  private List<String> problems = List.of();

  /**
   * What came of a step.
   *
   * @param problems what keeps it from coming to its end
   */
  record Step(List<Operation> done, List<String> problems) {
    static final Step NOTHING = new Step(List.of(), List.of());
  }

  /**
   * @param drainTimeout for connections that do not end; empty for no limit
   */
  public IpvsRetreat(
      Kernel kernel,
      DiffSettings settings,
      Optional<Duration> drainTimeout,
      Set<AddressFamily> families) {
    this.kernel = kernel;
    this.settings = settings;
    ChangeTracker nothing = new ChangeTracker("");
    nothing.listed();
    PlanSettings plan = new PlanSettings(PlanSettings.DEFAULT.scheduler(), drainTimeout, Set.of());
    SyncSettings sync =
        new SyncSettings(
            NodeInfo.named(""),
            families,
            plan,
            node -> Ground.NOTHING,
            node -> settings.drainingToo(this::isServed),
            List.of(),
            false);
    this.loop =
        new SyncLoop(
            nothing, new KernelObserver(kernel, settings.deviceName()), new Executor(kernel), sync);
  }

  /** Whether there is anything of IPVS mode; the sets cover all that it makes. */
  boolean isDue() throws IOException {
    if (over) {
      return false;
    }
    for (SetHeader header : kernel.sets().headers()) {
      if (KubeSets.ALL.containsKey(header.name())) {
        return true;
      }
    }
    over = kernel.routes().link(settings.deviceName()).isEmpty();
    return !over;
  }

  boolean isDraining() {
    return !over && loop.isDraining();
  }

  private boolean isServed(ServerKey server) {
    Set<ServerKey> servers = served;
    if (servers == null) {
      servers = rulesLeadTo.get();
      served = servers;
    }
    return servers.contains(server);
  }

  Map<ServerPlace, Instant> drainDeadlines() {
    return loop.drainDeadlines();
  }

  int drainingServices() {
    return loop.status().drainingServices();
  }

  /**
   * Removes what has no connections; never throws, what failed is tried again.
   *
   * @param rulesLeadTo servers of UDP and SCTP that rules lead to
   */
  Step step(boolean look, Supplier<Set<ServerKey>> rulesLeadTo, Instant now) {
    this.rulesLeadTo = rulesLeadTo;
    served = null;
    try {
      SyncReport report = loop.syncOnce(look, now);
      if (report.full() || !report.failures().isEmpty()) {
        problems = texts(report.failures());
      }
      return new Step(report.done(), problems);
    } catch (IOException e) {
      problems = List.of(String.valueOf(e.getMessage()));
      return new Step(List.of(), problems);
    }
  }

  /** When no rule looks into the sets any more: they go, and with them the last of it. */
  Step finish() {
    try {
      ApplyReport report = new CleanUp(kernel, all(), settings).run();
      if (report.failures().isEmpty()) {
        over = true;
        LOG.info("nothing of IPVS mode is left");
      }
      return new Step(report.done(), texts(report.failures()));
    } catch (IOException e) {
      return new Step(List.of(), List.of(String.valueOf(e.getMessage())));
    }
  }

  private Ground all() {
    return new Ground(List.copyOf(KubeSets.ALL.values()), Map.of(), settings.deviceName());
  }

  private static List<String> texts(List<Failure> failures) {
    return failures.stream().map(failure -> "leaving IPVS mode: " + failure).toList();
  }
}
