package io.kubeipvs.proxy.source.kubernetes;

/** Hears of requests and of what becomes of them. Called from several threads; must be quick. */
public interface ApiMonitor {
  ApiMonitor NONE =
      new ApiMonitor() {
        @Override
        public void request(ApiCall call) {}

        @Override
        public void reachable(String resource, boolean reachable) {}
      };

  void request(ApiCall call);

  /** Whether objects of that kind are followed at the moment. Told when that changes. */
  void reachable(String resource, boolean reachable);
}
