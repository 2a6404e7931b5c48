package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.diff.Operation;
import java.util.List;

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
   * @param parts what of it is whose, and why; empty where nothing can be said of parts
   */
  record Rules(AddressFamily family, String text, String reason, List<Part> parts) implements Step {
    public Rules {
      parts = List.copyOf(parts);
    }

    /** One of whose parts nothing can be said. */
    public Rules(AddressFamily family, String text, String reason) {
      this(family, text, reason, List.of());
    }
  }

  /**
   * A chain, or a rule in a chain that Services share.
   *
   * @param what {@code nat KUBE-SVC-CDGGSHYLG3RE2FKL}, or the rule's command behind its table
   */
  record Part(String what, String reason) {}
}
