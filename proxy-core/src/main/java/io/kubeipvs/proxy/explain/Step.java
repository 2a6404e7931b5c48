package io.kubeipvs.proxy.explain;

import java.util.List;

/**
 * Something that happens to a packet, with what shows it.
 *
 * @param place {@code nat KUBE-SERVICES}, {@code route}, {@code IPVS}
 * @param what in words
 * @param evidence as the tools print it: a rule, a route, a virtual service; may be empty
 * @param because what makes the rule match, as far as it needs words
 */
public record Step(String place, String what, String evidence, List<String> because) {
  public Step {
    because = List.copyOf(because);
  }

  static Step of(String place, String what, String evidence) {
    return new Step(place, what, evidence, List.of());
  }
}
