package io.kubeipvs.proxy.cli;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncListener;
import java.util.function.Consumer;

/**
 * A node may do without one family, but not without its own, the one of its first address: most
 * Services would be served nowhere, and nobody would notice. It is known when the Node is.
 */
final class PrimaryFamily implements SyncListener {
  private final ModeInForce mode;
  private final Consumer<String> fatal;

  /**
   * @param fatal is told why the process must end
   */
  PrimaryFamily(ModeInForce mode, Consumer<String> fatal) {
    this.mode = mode;
    this.fatal = fatal;
  }

  @Override
  public void began(ChangeTracker.Changes changes, boolean look) {
    changes.node().ifPresent(this::require);
  }

  private void require(NodeInfo node) {
    if (node.addresses().isEmpty()) {
      return;
    }
    AddressFamily own = node.addresses().get(0).family();
    String why = mode.unserved().get(own);
    if (why != null) {
      fatal.accept(
          "The node's first address is %s, and %s cannot be served: %s."
              .formatted(node.addresses().get(0), Tools.word(own), why));
    }
  }
}
