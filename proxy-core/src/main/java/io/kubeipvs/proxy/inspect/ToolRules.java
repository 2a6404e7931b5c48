package io.kubeipvs.proxy.inspect;

import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;

/**
 * One family's rules.
 *
 * @param tool {@code ip6tables-nft 1.8.9 (nf_tables)}, which showed them
 * @param randomFully whether the tool knows {@code --random-fully}
 */
public record ToolRules(AddressFamily family, String tool, boolean randomFully, SavedRules saved) {

  ToolRules withoutRules() {
    return new ToolRules(family, tool, randomFully, SavedRules.NONE);
  }
}
