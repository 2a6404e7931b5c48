package io.kubeipvs.proxy.config;

import java.util.Locale;

/** What this node is called. */
public final class NodeIdentity {
  private NodeIdentity() {}

  /** As kubelet and kube-proxy name a node: trimmed, lower case. */
  public static String name(String override, String hostName) {
    String name = override.isBlank() ? hostName : override;
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
