package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.IptablesVersion;
import io.kubeipvs.iptables.SavedRules;
import java.util.List;
import java.util.Map;

/**
 * The packet filter, by each kind of tool there is.
 *
 * @param chosen the program the proxy would use: {@code iptables-nft}
 * @param views what each kind shows; one kind under two names is one
 * @param legacyTables those the kernel has, also where no tool can show them
 * @param missing families without the chosen tool, and why
 * @param kubeProxyTables of its nftables mode: {@code ip kube-proxy}; no iptables tool shows them
 */
public record Rules(
    String chosen,
    List<View> views,
    List<String> legacyTables,
    Map<Family, String> missing,
    List<String> kubeProxyTables) {

  /** Where both families have their tool, and nobody was at work but by these. */
  public Rules(String chosen, List<View> views, List<String> legacyTables) {
    this(chosen, views, legacyTables, Map.of(), List.of());
  }

  /** One kind's view of one family. */
  public record View(String program, Family family, IptablesVersion version, SavedRules saved) {
    public boolean isLegacy() {
      return version.variant() == IptablesVersion.Variant.LEGACY;
    }
  }

  public Rules {
    views = List.copyOf(views);
    legacyTables = List.copyOf(legacyTables);
    missing = Map.copyOf(missing);
    kubeProxyTables = List.copyOf(kubeProxyTables);
  }
}
