package io.kubeipvs.iptables;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table as {@code iptables-save} shows it; chains by name, in its order. */
public record SavedTable(String name, Map<String, SavedChain> chains) {

  public SavedTable {
    chains = Collections.unmodifiableMap(new LinkedHashMap<>(chains));
  }

  /** The rules of a chain, none when it is not there. */
  public List<String> rules(String chain) {
    SavedChain saved = chains.get(chain);
    return saved == null ? List.of() : saved.rules();
  }

  @Nullable SavedChain chain(String chain) {
    return chains.get(chain);
  }
}
