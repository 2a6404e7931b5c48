package io.kubeipvs.iptables;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the kind of iptables that the rest of the node uses: two kinds at work on one machine do
 * not see each other's rules. The same order of evidence as in the Kubernetes images' wrapper
 * script: the chain that kubelet makes as a hint, then who has more rules, then the default.
 */
final class VariantDetector {
  static final String NFT = "iptables-nft";
  static final String LEGACY = "iptables-legacy";
  static final String DEFAULT = "iptables";

  /** Every proxy makes it, in the table nat. */
  private static final String PROOF = "KUBE-SERVICES";

  private static final List<String> HINTS = List.of("KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY");

  private VariantDetector() {}

  static Detected detect(ToolOptions options) throws IOException {
    Map<Family, SavedRules> nft = saves(options, NFT);
    Map<Family, SavedRules> legacy = saves(options, LEGACY);
    String chosen = choose(List.copyOf(nft.values()), List.copyOf(legacy.values()));
    Set<Family> proved = EnumSet.noneOf(Family.class);
    (chosen.equals(LEGACY) ? legacy : nft)
        .forEach(
            (family, rules) -> {
              if (!chosen.equals(DEFAULT) && rules.hasChain(PROOF)) {
                proved.add(family);
              }
            });
    return new Detected(chosen, proved);
  }

  /**
   * What the node uses.
   *
   * @param proved families in which a proxy's chains are: there the kernel has the tables
   */
  record Detected(String program, Set<Family> proved) {
    Detected {
      proved = Set.copyOf(proved);
    }
  }

  /**
   * @param nft what each family's tool of that kind shows; empty if there is no such tool
   */
  static String choose(List<SavedRules> nft, List<SavedRules> legacy) {
    if (nft.stream().anyMatch(VariantDetector::hasHint)) {
      return NFT;
    }
    if (legacy.stream().anyMatch(VariantDetector::hasHint)) {
      return LEGACY;
    }
    int nftRules = nft.stream().mapToInt(SavedRules::ruleCount).sum();
    int legacyRules = legacy.stream().mapToInt(SavedRules::ruleCount).sum();
    if (nftRules == legacyRules) {
      return DEFAULT;
    }
    return nftRules > legacyRules ? NFT : LEGACY;
  }

  private static boolean hasHint(SavedRules rules) {
    return HINTS.stream().anyMatch(rules::hasChain);
  }

  /** A kind that is not installed, or that this kernel refuses, is no evidence. */
  private static Map<Family, SavedRules> saves(ToolOptions options, String program)
      throws IOException {
    Map<Family, SavedRules> saves = new EnumMap<>(Family.class);
    for (Family family : Family.values()) {
      save(options, ToolOptions.programOf(family, program) + "-save")
          .ifPresent(rules -> saves.put(family, rules));
    }
    return saves;
  }

  private static Optional<SavedRules> save(ToolOptions options, String tool) throws IOException {
    try {
      ToolRunner.Result result = new ToolRunner(options).run(List.of(tool), "");
      return result.exitCode() == 0
          ? Optional.of(SavedRules.parse(result.output()))
          : Optional.empty();
    } catch (MissingToolException e) {
      return Optional.empty();
    }
  }
}
