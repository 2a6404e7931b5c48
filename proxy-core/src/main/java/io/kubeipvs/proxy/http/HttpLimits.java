package io.kubeipvs.proxy.http;

import java.time.Duration;

/**
 * What a client may cost.
 *
 * @param connections at one time on one port; beyond that the one that has waited longest goes
 * @param lineLength of the request line, bytes
 * @param headerLength of all headers, bytes
 * @param bodyLength that is read and thrown away, bytes
 * @param request for a request to arrive, from its first byte, or the connection's beginning
 * @param answer for an answer to be made and taken
 * @param idle between an answer and the next request
 */
public record HttpLimits(
    int connections,
    int lineLength,
    int headerLength,
    int bodyLength,
    Duration request,
    Duration answer,
    Duration idle) {

  public static final HttpLimits DEFAULT =
      new HttpLimits(
          128,
          4096,
          16_384,
          65_536,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120));
}
