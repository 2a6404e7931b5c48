package io.kubeipvs.proxy.diff;

import io.kubeipvs.proxy.state.Footprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Operations in the order they are carried out, and what has to be looked at again although nothing
 * changes there: servers that still have connections, and what cannot go before them.
 */
public record Batch(List<Operation> operations, Footprint unsettled) {
  public Batch {
    operations = operations.stream().sorted(Comparator.comparing(Operation::phase)).toList();
  }

  public boolean isEmpty() {
    return operations.isEmpty();
  }

  /** The same with other operations added, each in its phase, before those that are there. */
  public Batch after(List<Operation> others) {
    List<Operation> all = new ArrayList<>(others);
    all.addAll(operations);
    return new Batch(all, unsettled);
  }
}
