package io.kubeipvs.proxy.apply;

import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.proxy.diff.Operation;
import java.util.Optional;

/**
 * An operation that was not carried out: refused by the kernel or the tool, or left out because
 * what it builds on was refused.
 *
 * @param errno the kernel's answer where it gave one
 * @param reason the kernel's own words, or what it was left out for
 */
public record Failure(Operation operation, Optional<Errno> errno, String reason) {

  static Failure of(Operation operation, Exception cause) {
    String message = cause.getMessage();
    return new Failure(
        operation,
        cause instanceof NetlinkException refusal ? Optional.of(refusal.errno()) : Optional.empty(),
        message == null ? cause.toString() : message);
  }

  static Failure leftOut(Operation operation, String reason) {
    return new Failure(operation, Optional.empty(), reason);
  }

  @Override
  public String toString() {
    return operation + ": " + reason;
  }
}
