package io.kubeipvs.iptables;

import java.io.IOException;

/** The packet filter of one network namespace, for one family. */
public interface Iptables {

  Family family();

  /** Whether its rules are kept by nf_tables; by the older tables if not. */
  default boolean isOfNfTables() {
    return false;
  }

  /** All rules of all tables. */
  SavedRules save() throws IOException;

  /**
   * Loads it; nothing happens for an empty one.
   *
   * @throws IptablesException when the tool refuses a line: then the table it is in is unchanged
   * @throws ToolOutOfOrderException when it failed for reasons of its own
   */
  void restore(Restore restore) throws IOException;
}
