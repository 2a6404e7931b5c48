package io.kubeipvs.proxy.check.facts;

import java.time.Duration;

/**
 * Somebody who held a lock all the time it was looked at.
 *
 * @param holder {@code pid 4711 (iptables -w -L)}
 */
public record LockHold(String lockFile, String holder, Duration watched) {}
