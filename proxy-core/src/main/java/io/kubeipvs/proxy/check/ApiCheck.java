package io.kubeipvs.proxy.check;

import io.kubeipvs.proxy.check.facts.ApiState;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether the API server answers, and shows what the proxy follows. */
final class ApiCheck implements Check {
  static final String ID = "api";

  private static final Duration SLOW = Duration.ofSeconds(3);

  @Override
  public List<Finding> look(NodeFacts facts) {
    if (facts.api().isEmpty()) {
      return List.of();
    }
    ApiState api = facts.api().get();
    Optional<String> failure = api.failure();
    if (failure.isPresent()) {
      return List.of(
          Finding.of(
                  ID, Severity.ERROR, "the API server cannot be asked", api.server(), failure.get())
              .remedy(
                  "from this node, it has to be reached by an address that does not need the proxy;"
                      + " look at the kubeconfig's server and the certificates"));
    }
    if (!api.refused().isEmpty()) {
      return List.of(
          Finding.of(
                  ID,
                  Severity.ERROR,
                  "the API server does not show everything the proxy follows",
                  api.refused())
              .remedy("bind the ClusterRole system:node-proxier to the proxy's account"));
    }
    String evidence = api.server() + " answered in " + api.took().toMillis() + " ms";
    return List.of(
        api.took().compareTo(SLOW) > 0
            ? Finding.of(ID, Severity.WARNING, "the API server is slow", evidence)
            : Finding.ok(ID, "the API server shows what the proxy follows", evidence));
  }
}
