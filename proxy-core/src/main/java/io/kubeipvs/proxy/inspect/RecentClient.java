package io.kubeipvs.proxy.inspect;

import io.kubeipvs.net.IpAddress;
import java.util.Optional;

/**
 * A client that {@code -m recent} remembers.
 *
 * @param list {@code KUBE-SEP-...} for session affinity: the chain it was sent to
 * @param millisecondsAgo when it was seen last; empty where the kernel's clock cannot be told
 */
public record RecentClient(String list, IpAddress client, Optional<Long> millisecondsAgo) {}
