package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Optional;

/**
 * What came of one request.
 *
 * @param server who answered; empty when nobody did
 * @param seenAs the address it saw
 * @param reason why nobody did
 */
record Truth(
    Host from,
    Protocol protocol,
    Optional<String> server,
    Optional<IpAddress> seenAs,
    String reason) {

  static Truth of(Host from, Protocol protocol, Answers answers) {
    return answers.answers().stream()
        .findFirst()
        .map(
            answer ->
                new Truth(
                    from,
                    protocol,
                    Optional.of(answer.server()),
                    Optional.of(unmapped(answer.client())),
                    ""))
        .orElseGet(
            () ->
                new Truth(
                    from,
                    protocol,
                    Optional.empty(),
                    Optional.empty(),
                    answers.byReason().toString()));
  }

  /** A socket of both families sees {@code ::ffff:192.0.2.10}. */
  private static IpAddress unmapped(IpAddress address) {
    return address.high() == 0 && address.low() >>> 32 == 0xffff
        ? new IpAddress(io.kubeipvs.net.AddressFamily.IPV4, 0, address.low() & 0xffff_ffffL)
        : address;
  }

  /** A node's own kernel tells its UDP senders at once, whichever way it says no. */
  private boolean isToldAtOnce() {
    return from instanceof Node && protocol.equals(Protocol.UDP) && reason.equals("{EPERM=1}");
  }

  boolean isRefused() {
    return reason.equals("{ECONNREFUSED=1}") || isToldAtOnce();
  }

  boolean isDropped() {
    return reason.equals("{timeout=1}") || isToldAtOnce();
  }

  @Override
  public String toString() {
    return server
        .map(name -> name + " answered, and saw " + seenAs.map(Object::toString).orElse("?"))
        .orElse(reason);
  }
}
