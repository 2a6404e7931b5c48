package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.diff.Operation;

/** One thing to do, and why. */
public sealed interface Step {
  /** Who asks for it, or why it is not wanted, in words. */
  String reason();

  /** Anything but rules. */
  record Act(Operation operation, String reason) implements Step {}

  /**
   * Rules of one family.
   *
   * @param text for {@code iptables-restore --noflush}
   */
  record Rules(AddressFamily family, String text, String reason) implements Step {}
}
