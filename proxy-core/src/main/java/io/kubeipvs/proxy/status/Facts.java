package io.kubeipvs.proxy.status;

import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.health.ProxyHealth;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.util.function.Supplier;

/**
 * What the daemon says of itself.
 *
 * @param mode how Services are served
 */
public record Facts(
    String nodeName,
    String version,
    ModeInForce mode,
    Supplier<SyncStatus> status,
    Supplier<ProxyHealth.Verdict> health,
    ChangeTracker tracker) {}
