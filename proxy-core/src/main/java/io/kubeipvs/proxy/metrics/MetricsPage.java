package io.kubeipvs.proxy.metrics;

import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics}. Reading the kernel takes a while where there is much of it, so those who ask
 * while an answer waits to be made get that same answer: many who ask cost as much as one.
 */
public final class MetricsPage implements HttpHandler {
  private final ProxyMetrics metrics;
  private final Supplier<@Nullable KernelFigures> kernel;
  private final Executor thread;
  private final AtomicReference<@Nullable CompletableFuture<String>> waiting =
      new AtomicReference<>();

  /**
   * @param kernel called on the thread; null where the kernel cannot be read
   */
  public MetricsPage(
      ProxyMetrics metrics, Supplier<@Nullable KernelFigures> kernel, Executor thread) {
    this.metrics = metrics;
    this.kernel = kernel;
    this.thread = thread;
  }

  @Override
  public CompletionStage<HttpAnswer> handle(HttpQuestion question) {
    CompletableFuture<String> mine = new CompletableFuture<>();
    CompletableFuture<String> others = waiting.compareAndExchange(null, mine);
    if (others == null) {
      thread.execute(() -> make(mine));
    }
    return (others == null ? mine : others).thenApply(text -> answer(text, question.gzip()));
  }

  private void make(CompletableFuture<String> promise) {
    waiting.set(null);
    try {
      promise.complete(metrics.scrape(kernel.get()));
    } catch (IOException | RuntimeException e) {
      promise.completeExceptionally(e);
    }
  }

  private static HttpAnswer answer(String text, boolean gzip) {
    TreeMap<String, String> headers = new TreeMap<>();
    headers.put("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    if (!gzip) {
      return new HttpAnswer(HttpAnswer.OK, headers, plain);
    }
    headers.put("Content-Encoding", "gzip");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 8 + 512);
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory", e);
    }
    return new HttpAnswer(HttpAnswer.OK, headers, bytes.toByteArray());
  }
}
