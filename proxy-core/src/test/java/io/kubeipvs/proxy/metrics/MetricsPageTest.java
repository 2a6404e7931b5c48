package io.kubeipvs.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The metrics as they are asked for. */
class MetricsPageTest {
  private final MeteredBench bench = new MeteredBench();

  @Test
  void pageIsTextAndCompressedForThoseWhoAccept() throws Exception {
    bench.everythingHappens();
    MetricsPage page = new MetricsPage(bench.metrics, () -> null, Runnable::run);
    HttpAnswer plain = ask(page, false);
    HttpAnswer compressed = ask(page, true);

    assertThat(plain.headers())
        .containsEntry("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    assertThat(compressed.headers()).containsEntry("Content-Encoding", "gzip");
    String text =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes(),
            StandardCharsets.UTF_8);
    assertThat(text).startsWith("# HELP ").contains("go_goroutines");
    assertThat(compressed.body().length).isLessThan(plain.body().length / 3);
  }

  @Test
  void manyWhoAskAtOnceCostOne() throws Exception {
    List<Runnable> tasks = new ArrayList<>();
    int[] reads = {0};
    MetricsPage page =
        new MetricsPage(
            bench.metrics,
            () -> {
              reads[0]++;
              return null;
            },
            tasks::add);
    List<HttpAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      page.handle(new HttpQuestion("GET", "/metrics", false, false)).thenAccept(answers::add);
    }
    assertThat(tasks).hasSize(1);
    tasks.get(0).run();

    assertThat(answers).hasSize(50);
    assertThat(reads[0]).isEqualTo(1);
  }

  private static HttpAnswer ask(MetricsPage page, boolean gzip) throws Exception {
    return page.handle(new HttpQuestion("GET", "/metrics", gzip, false))
        .toCompletableFuture()
        .get();
  }
}
