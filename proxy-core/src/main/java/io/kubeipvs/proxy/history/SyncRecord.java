package io.kubeipvs.proxy.history;

import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.state.Cause;
import io.kubeipvs.proxy.sync.Repair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is kept of a sync: the first of everything, and how many there were.
 *
 * @param at its end
 * @param reason why it looked at the whole kernel; empty when it did not
 * @param changed how many objects had changed
 * @param services planned anew
 * @param byPhase numbers of operations
 * @param error why it was given up; empty when it was not
 */
record SyncRecord(
    Instant at,
    boolean full,
    String reason,
    List<Cause> causes,
    int changed,
    int services,
    Some<Operation> operations,
    Map<String, Integer> byPhase,
    Some<Failure> failures,
    Some<Repair> repairs,
    Map<String, Duration> took,
    Duration duration,
    int forgottenFlows,
    String error) {

  /** The first ones of many. */
  record Some<T>(List<T> first, int total) {
    static <T> Some<T> of(List<T> all, int limit) {
      return new Some<>(List.copyOf(all.subList(0, Math.min(limit, all.size()))), all.size());
    }
  }

  /** Looked, and found everything in order. */
  boolean isIdle() {
    return changed == 0
        && operations.total() == 0
        && failures.total() == 0
        && error.isEmpty()
        && !reason.equals(FlightRecorder.FIRST);
  }
}
