package io.kubeipvs.iptables;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table as {@code iptables-save} shows it; chains by name, in its order. */
public record SavedTable(String name, Map<String, SavedChain> chains) {

  public SavedTable {
    chains = Collections.unmodifiableMap(new LinkedHashMap<>(chains));
  }

  @Nullable SavedChain chain(String chain) {
    return chains.get(chain);
  }
}
