package io.kubeipvs.proxy.metrics;

import io.kubeipvs.proxy.source.kubernetes.ApiCall;
import io.kubeipvs.proxy.source.kubernetes.ApiMonitor;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests to the API server, counted as client-go counts them, without a meter library: the first
 * are made while everything else waits for their answers.
 */
public final class ApiFigures implements ApiMonitor {
  /** client-go's, as kube-proxy registers it; seconds. */
  static final double[] BUCKETS = {
    0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0
  };

  /** client-go's word for no answer. */
  private static final String NO_ANSWER = "<error>";

  private final Map<Outcome, Long> requests = new TreeMap<>();
  private final Map<Question, SeriesText.Histogram> durations = new TreeMap<>();
  private final Map<String, Boolean> followed = new TreeMap<>();

  private record Outcome(String code, String host, String method) implements Comparable<Outcome> {
    @Override
    public int compareTo(Outcome other) {
      return toString().compareTo(other.toString());
    }
  }

  private record Question(String verb, String host) implements Comparable<Question> {
    @Override
    public int compareTo(Question other) {
      return toString().compareTo(other.toString());
    }
  }

  @Override
  public synchronized void request(ApiCall call) {
    String code = call.status() == 0 ? NO_ANSWER : String.valueOf(call.status());
    requests.merge(new Outcome(code, call.host(), call.method()), 1L, Long::sum);
    // As in client-go, a watch counts, but its opening is not timed.
    if (!call.verb().equals("watch")) {
      durations
          .computeIfAbsent(
              new Question(call.method(), call.host()), q -> new SeriesText.Histogram(BUCKETS))
          .record(seconds(call.took()));
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  @Override
  public synchronized void reachable(String resource, boolean reachable) {
    followed.put(resource, reachable);
  }

  synchronized void writeTo(Writer all) throws IOException {
    SeriesText out = new SeriesText();
    requests.forEach(
        (outcome, count) ->
            out.add(
                Metric.REST_CLIENT_REQUESTS_TOTAL,
                count,
                outcome.code(),
                outcome.host(),
                outcome.method()));
    durations.forEach(
        (question, histogram) ->
            out.add(
                Metric.REST_CLIENT_REQUEST_DURATION_SECONDS,
                histogram,
                question.verb(),
                question.host()));
    followed.forEach((resource, now) -> out.add(Metric.API_FOLLOWED, now ? 1 : 0, resource));
    out.writeTo(all);
  }
}
