package io.kubeipvs.proxy.source.kubernetes;

import java.time.Duration;

/**
 * How long to wait for what.
 *
 * @param listSilence within a list
 * @param watchSilence within a watch, before it is opened anew; the API server sends a bookmark a
 *     minute
 * @param watchLength a watch is asked to end after that, or up to twice that, so that those of many
 *     nodes spread over the API servers there are
 * @param firstRetry after a first failure
 * @param retryLimit however many failures there were
 * @param firstConfirmation between a first list that cannot be true and the next
 * @param confirmation between a list that lacks much and the next
 */
record ApiTiming(
    Duration listSilence,
    Duration watchSilence,
    Duration watchLength,
    Duration firstRetry,
    Duration retryLimit,
    Duration firstConfirmation,
    Duration confirmation) {

  static final ApiTiming DEFAULT =
      new ApiTiming(
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofMinutes(5),
          Duration.ofMillis(500),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));
}
