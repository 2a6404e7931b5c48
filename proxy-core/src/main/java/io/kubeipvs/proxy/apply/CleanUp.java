package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetGrowth;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.proxy.diff.Batch;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.Differ;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes everything of ours out of the kernel, in both families, and nothing else. Whose a virtual
 * service is, the sets tell; so they go last, and a clean-up that was cut short can be repeated.
 */
public final class CleanUp {
  private final Kernel kernel;
  private final Executor executor;
  private final Ground ground;
  private final DiffSettings settings;

  public CleanUp(Kernel kernel, Ground ground, DiffSettings settings) {
    this.kernel = kernel;
    this.executor = new Executor(kernel);
    this.ground = ground;
    this.settings = settings;
  }

  /** What was done, and what could not be. */
  public ApplyReport run() throws IOException {
    Observation observation =
        new KernelObserver(kernel, ground.deviceName(), EnumSet.allOf(AddressFamily.class))
            .observe();
    List<Operation> done = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (Batch batch : List.of(services(observation.mirror()), rules(observation))) {
      ApplyReport report = executor.apply(batch);
      done.addAll(report.done());
      failures.addAll(report.failures());
    }
    failures.addAll(leftAlone(observation));
    if (failures.isEmpty()) {
      // Not before: they tell whose the rest is, now and the next time.
      ApplyReport report = executor.apply(sets(observation.mirror()));
      done.addAll(report.done());
      failures.addAll(report.failures());
      removeDevice(failures);
    }
    return new ApplyReport(done, failures);
  }

  /** VIPs, then services, with all their servers, connections or not. */
  private Batch services(KernelMirror mirror) {
    Footprint places = mirror.footprint();
    Set<ServerPlace> everyServer = new HashSet<>();
    for (ServiceKey key : places.services()) {
      mirror.servers(key).keySet().forEach(s -> everyServer.add(new ServerPlace(key, s)));
    }
    Batch batch = Differ.diff(places, new DesiredState(), mirror, settings, everyServer);
    return new Batch(
        batch.operations().stream().filter(o -> o.phase() != Phase.DELETE_ENTRIES).toList(),
        new Footprint());
  }

  private Batch rules(Observation observation) {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<AddressFamily, RuleSet> rules : ground.rules().entrySet()) {
      SavedRules saved = observation.rules().get(rules.getKey());
      if (saved != null) {
        Restore restore = RuleDiffer.diff(rules.getValue().removal(), saved);
        if (!restore.isEmpty()) {
          operations.add(new Operation.Rules(rules.getKey(), restore));
        }
      }
    }
    return new Batch(operations, new Footprint());
  }

  /** What cannot be read cannot be cleaned. */
  private List<Failure> leftAlone(Observation observation) {
    List<Failure> failures = new ArrayList<>();
    ground
        .rules()
        .forEach(
            (family, rules) -> {
              SavedRules saved = observation.rules().getOrDefault(family, SavedRules.NONE);
              RuleSet removal = rules.removal();
              if (!RuleDiffer.leftAlone(removal.obsolete().jumps(), saved).isEmpty()) {
                Restore restore = RuleDiffer.diff(removal, saved);
                failures.add(
                    Failure.leftOut(
                        new Operation.Rules(family, restore),
                        String.join("; ", restore.problems())));
              }
            });
    return failures;
  }

  private Batch sets(KernelMirror mirror) {
    List<Operation> operations = new ArrayList<>();
    for (SetSpec spec : ground.sets()) {
      for (SetName name : List.of(spec.name(), SetGrowth.temporaryName(spec.name()))) {
        if (mirror.set(name) != null) {
          SetCommand destroy = new SetCommand.Destroy(name);
          operations.add(new Operation.Sets(Phase.DESTROY_SETS, destroy));
        }
      }
    }
    return new Batch(operations, new Footprint());
  }

  private void removeDevice(List<Failure> failures) throws IOException {
    Optional<Link> device = kernel.routes().link(ground.deviceName());
    if (device.isEmpty()) {
      return;
    }
    Operation remove = new Operation.DeleteDevice(ground.deviceName());
    if (!device.get().kind().equals("dummy")) {
      failures.add(Failure.leftOut(remove, "not a dummy device, so not ours"));
      return;
    }
    try {
      kernel.routes().deleteLink(device.get());
    } catch (NetlinkException e) {
      failures.add(Failure.of(remove, e));
    }
  }
}
