package io.kubeipvs.proxy.apply;

import io.kubeipvs.proxy.diff.Operation;

/**
 * An operation that was not carried out: refused by the kernel or the tool, or left out because
 * what it builds on was refused.
 *
 * @param reason the kernel's own words, or what it was left out for
 */
public record Failure(Operation operation, String reason) {
  @Override
  public String toString() {
    return operation + ": " + reason;
  }
}
