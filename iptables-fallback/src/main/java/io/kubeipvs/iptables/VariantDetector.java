package io.kubeipvs.iptables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the kind of iptables that the rest of the node uses: two kinds at work on one machine do
 * not see each other's rules. The same order of evidence as in the Kubernetes images' wrapper
 * script: the chain that kubelet makes as a hint, then who has more rules, then the default.
 */
final class VariantDetector {
  static final String NFT = "iptables-nft";
  static final String LEGACY = "iptables-legacy";
  static final String DEFAULT = "iptables";

  private static final List<String> HINTS = List.of("KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY");

  private VariantDetector() {}

  static String detect(ToolOptions options) throws IOException {
    return choose(saves(options, NFT), saves(options, LEGACY));
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
  private static List<SavedRules> saves(ToolOptions options, String program) throws IOException {
    List<SavedRules> saves = new ArrayList<>();
    for (Family family : Family.values()) {
      save(options, ToolOptions.programOf(family, program) + "-save").ifPresent(saves::add);
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
