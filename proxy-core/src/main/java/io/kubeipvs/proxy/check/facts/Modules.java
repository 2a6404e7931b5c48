package io.kubeipvs.proxy.check.facts;

import java.util.Map;

/** Modules of the kernel by name, as far as anything is known of them. */
public record Modules(Map<String, State> states) {

  /** Where a module is. */
  public enum State {
    /** Or built in, where that shows in {@code /sys/module}. */
    LOADED,
    BUILT_IN,
    /** In the lists of {@code /lib/modules}. */
    LOADABLE,
    /** In none of those lists. */
    ABSENT,
    /** There are no such lists here, as in most containers. */
    UNKNOWN;

    public boolean isThere() {
      return this == LOADED || this == BUILT_IN;
    }
  }

  public Modules {
    states = Map.copyOf(states);
  }

  public State of(String name) {
    return states.getOrDefault(name, State.UNKNOWN);
  }
}
