package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.net.AddressFamily;
import java.util.List;

/**
 * Where we mean to differ from kube-proxy.
 *
 * @param missing lines of its state that are not in ours
 * @param added lines of ours that are not in its state
 */
record Difference(
    String scenario,
    AddressFamily family,
    String reason,
    List<String> missing,
    List<String> added) {}
