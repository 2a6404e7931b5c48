package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.ApplyReport;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.apply.KernelMirror;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.apply.Observation;
import io.kubeipvs.proxy.diff.Batch;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.diff.ModeRemains;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.state.Footprint;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Takes a node over that iptables mode serves, ours or kube-proxy's: its rules stay beside ours
 * until everything of IPVS mode is in place, and then make way. The way back is {@link
 * IpvsRetreat}.
 */
final class IptablesTakeover {
  private static final Logger LOG = LogManager.getLogger(SyncLoop.class);

  /** Looks that what the kernel refuses is waited for, before the other mode's rules go. */
  private static final int LOOKS_HELD_BACK = 3;

  private final KernelObserver observer;
  private final Executor executor;
  private int heldBack;
  private boolean due;

  /**
   * What came of it.
   *
   * @param obstacles what keeps rules from being complete
   */
  record Step(ApplyReport applied, List<String> obstacles) {}

  IptablesTakeover(KernelObserver observer, Executor executor) {
    this.observer = observer;
    this.executor = executor;
  }

  /** What the ground lacks, as a look has found it; rules of the other mode are left for now. */
  Ground.Missing missing(Ground ground, Observation observation) {
    due =
        !ground.rules().isEmpty()
            && observation.rules().values().stream().anyMatch(ModeRemains::isIptables);
    Ground now = due ? ground.beside(observation.rules()) : ground;
    return now.diff(observation.mirror(), observation.rules());
  }

  /** Whether the last look found the other mode's rules, and nothing came of it yet. */
  boolean isDue() {
    return due;
  }

  /**
   * When everything of ours is in place the rules of iptables mode make way. What the kernel goes
   * on refusing must not keep them for ever: nobody brings them up to date any more.
   *
   * @param failures of this sync
   * @param obstacles as far as they are known
   */
  Step step(Ground ground, KernelMirror seen, List<Failure> failures, List<String> obstacles)
      throws IOException {
    due = false;
    boolean stands = failures.stream().noneMatch(failure -> isGround(failure.operation().phase()));
    if (!failures.isEmpty() && !(stands && ++heldBack >= LOOKS_HELD_BACK)) {
      String still = "rules of iptables mode serve still, as they were: IPVS mode is not complete";
      return new Step(
          ApplyReport.NOTHING, Stream.concat(obstacles.stream(), Stream.of(still)).toList());
    }
    heldBack = 0;
    LOG.info("rules of iptables mode have served until now: they make way");
    Ground.Missing rest = ground.diff(seen, observer.rules());
    return new Step(executor.apply(new Batch(rest.operations(), new Footprint())), rest.problems());
  }

  private static boolean isGround(Phase phase) {
    return phase == Phase.MAKE_GROUND || phase == Phase.WRITE_RULES;
  }
}
