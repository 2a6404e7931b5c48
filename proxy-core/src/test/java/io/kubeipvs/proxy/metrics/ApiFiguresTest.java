package io.kubeipvs.proxy.metrics;

import static io.kubeipvs.proxy.metrics.MeteredBench.call;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What is counted of requests to the API server. */
class ApiFiguresTest {
  @Test
  void requestsToTheApiServerAreCountedAsKubeProxyDoes() throws IOException {
    ApiFigures api = new ApiFigures();
    api.request(call("list", 200, 30));
    api.request(call("list", 200, 3000));
    api.request(call("list", 0, 70_000));
    api.request(call("watch", 200, 1));
    api.reachable("services", false);
    StringWriter text = new StringWriter();
    api.writeTo(text);

    String series = "rest_client_request_duration_seconds_bucket{verb=\"GET\",host=\"api:6443\",";
    assertThat(text.toString())
        .contains(
            "rest_client_requests_total{code=\"200\",host=\"api:6443\",method=\"GET\"} 3\n",
            "rest_client_requests_total{code=\"<error>\",host=\"api:6443\",method=\"GET\"} 1\n",
            series + "le=\"0.025\"} 0\n",
            series + "le=\"0.1\"} 1\n",
            series + "le=\"4.0\"} 2\n",
            series + "le=\"60.0\"} 2\n",
            series + "le=\"+Inf\"} 3\n",
            "rest_client_request_duration_seconds_count{verb=\"GET\",host=\"api:6443\"} 3\n",
            "rest_client_request_duration_seconds_sum{verb=\"GET\",host=\"api:6443\"} 73.03\n",
            "kubeipvs_api_followed{resource=\"services\"} 0\n");
    assertThat(ApiFigures.BUCKETS)
        .containsExactly(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60);
  }
}
