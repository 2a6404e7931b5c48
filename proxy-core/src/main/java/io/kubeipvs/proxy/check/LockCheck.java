package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.LockHold;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;
import java.util.Optional;

/** Whoever keeps the lock of legacy iptables keeps everybody else from writing rules. */
final class LockCheck implements Check {
  static final String ID = "xtables-lock";

  @Override
  public List<Finding> look(NodeFacts facts) {
    Optional<LockHold> hold = facts.lock();
    if (hold.isEmpty()) {
      return List.of(
          facts.seesAllProcesses()
              ? Finding.ok(ID, "nobody keeps the lock of iptables")
              : Finding.of(
                      ID,
                      Severity.INFO,
                      "nobody in this container keeps the lock of iptables",
                      "whether somebody outside of it does cannot be seen from here")
                  .remedy(OtherProxyCheck.HOST_PROCESSES));
    }
    LockHold lock = hold.get();
    return List.of(
        Finding.of(
                ID,
                Severity.WARNING,
                "somebody keeps the lock of iptables: nobody else can write rules",
                "%s, all of %d ms it was looked at, by %s"
                    .formatted(lock.lockFile(), lock.watched().toMillis(), lock.holder()))
            .remedy("see what that process does; one that hangs has to be ended"));
  }
}
