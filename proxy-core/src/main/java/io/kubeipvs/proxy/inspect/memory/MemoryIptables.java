package io.kubeipvs.proxy.inspect.memory;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.RestoredRules;
import io.kubeipvs.iptables.SavedRules;
import java.io.IOException;

/** One family's rules. */
final class MemoryIptables implements Iptables {
  private final Family family;
  private SavedRules rules;

  MemoryIptables(Family family, SavedRules rules) {
    this.family = family;
    this.rules = rules;
  }

  @Override
  public Family family() {
    return family;
  }

  @Override
  public SavedRules save() {
    return rules;
  }

  @Override
  public void restore(Restore restore) throws IOException {
    rules = RestoredRules.of(family, rules, restore.text());
  }
}
