package io.kubeipvs.proxy.check.facts;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the API server answered.
 *
 * @param server its address
 * @param failure why it did not; empty when it did
 * @param refused what it would not show us, with its words
 * @param clockAhead how far this machine's clock is before the server's; negative when behind
 */
public record ApiState(
    String server,
    Optional<String> failure,
    List<String> refused,
    Duration took,
    Optional<Duration> clockAhead) {
  public ApiState {
    refused = List.copyOf(refused);
  }
}
