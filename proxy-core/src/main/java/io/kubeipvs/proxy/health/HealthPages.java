package io.kubeipvs.proxy.health;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpPaths;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;

/**
 * {@code /healthz} and {@code /livez} as kube-proxy answers since 1.34. The first is for load
 * balancers and is 503 also while the node is about to go; the second is for kubelet, and is not.
 */
public final class HealthPages {
  private final ProxyHealth health;
  private final Set<AddressFamily> families;
  private final ObjIntConsumer<String> counter;

  /**
   * @param families those that are served; each is reported, both are one loop here
   * @param counter is told of each answer: the page and the status
   */
  public HealthPages(
      ProxyHealth health, Set<AddressFamily> families, ObjIntConsumer<String> counter) {
    this.health = health;
    this.families = new TreeSet<>(families);
    this.counter = counter;
  }

  public HttpHandler handler() {
    return new HttpPaths(
        Map.of(
            "/healthz", question -> HttpHandler.now(healthz()),
            "/livez", question -> HttpHandler.now(livez())));
  }

  HttpAnswer healthz() {
    ProxyHealth.Verdict verdict = health.verdict();
    return answer(
        "healthz",
        verdict,
        verdict.healthy() && verdict.nodeEligible(),
        "\"nodeEligible\":" + verdict.nodeEligible() + ",");
  }

  HttpAnswer livez() {
    ProxyHealth.Verdict verdict = health.verdict();
    return answer("livez", verdict, verdict.healthy(), "");
  }

  private HttpAnswer answer(
      String page, ProxyHealth.Verdict verdict, boolean well, String eligible) {
    int status = well ? HttpAnswer.OK : HttpAnswer.UNAVAILABLE;
    counter.accept(page, status);
    // kube-proxy shows the time of its last sync only to those who have reason to ask for it.
    Instant shown = well ? verdict.now() : verdict.lastUpdated().orElse(GoTime.ZERO);
    return HttpAnswer.json(
        status,
        "{\"lastUpdated\":\"%s\",\"currentTime\":\"%s\",%s\"healthy\":%s%s}"
            .formatted(
                GoTime.format(shown),
                GoTime.format(verdict.now()),
                eligible,
                verdict.healthy(),
                statusOfFamilies(verdict)));
  }

  /** Left out before the first update, as a Go map without entries is. */
  private String statusOfFamilies(ProxyHealth.Verdict verdict) {
    if (verdict.lastUpdated().isEmpty()) {
      return "";
    }
    String updated = GoTime.format(verdict.lastUpdated().get());
    StringJoiner status = new StringJoiner(",", ",\"status\":{", "}");
    for (AddressFamily family : families) {
      status.add(
          "\"%s\":{\"lastUpdated\":\"%s\",\"healthy\":%s}"
              .formatted(
                  family == AddressFamily.IPV4 ? "IPv4" : "IPv6", updated, verdict.healthy()));
    }
    return status.toString();
  }
}
