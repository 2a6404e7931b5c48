package io.kubeipvs.proxy.source.kubernetes;

import java.time.Duration;

/** Hears of requests and of what becomes of them. Called from several threads. */
public interface ApiMonitor {
  ApiMonitor NONE =
      new ApiMonitor() {
        @Override
        public void request(String verb, String resource, int status, Duration duration) {}

        @Override
        public void reachable(String resource, boolean reachable) {}
      };

  /**
   * A request was answered, or was not.
   *
   * @param verb {@code list} or {@code watch}
   * @param resource {@code services}, {@code endpointslices} or {@code nodes}
   * @param status of HTTP; 0 when there was no answer
   * @param duration to the answer's beginning
   */
  void request(String verb, String resource, int status, Duration duration);

  /** Whether objects of that kind are followed at the moment. Told when that changes. */
  void reachable(String resource, boolean reachable);
}
