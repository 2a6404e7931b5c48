package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/** Settings by which IPVS drops on purpose, made for machines under attack. */
final class DefenceCheck implements Check {
  static final String ID = "ipvs-drops";

  private static final List<String> SETTINGS =
      List.of("net/ipv4/vs/drop_entry", "net/ipv4/vs/drop_packet", "net/ipv4/vs/secure_tcp");

  @Override
  public List<Finding> look(NodeFacts facts) {
    List<String> there =
        SETTINGS.stream().filter(key -> facts.sysctls().text(key).isPresent()).toList();
    if (there.isEmpty()) {
      return List.of();
    }
    List<String> active = there.stream().filter(key -> !facts.sysctls().is(key, 0)).toList();
    if (active.isEmpty()) {
      return List.of(
          Finding.ok(
              ID,
              "IPVS drops nothing on purpose",
              there.stream().map(facts.sysctls()::shown).toArray(String[]::new)));
    }
    return List.of(
        Finding.of(
                ID,
                Severity.WARNING,
                "IPVS is told to drop connections or packets when memory is short, or always",
                active.stream().map(facts.sysctls()::shown).toList())
            .remedy("set them to 0, unless somebody set them on purpose"));
  }
}
