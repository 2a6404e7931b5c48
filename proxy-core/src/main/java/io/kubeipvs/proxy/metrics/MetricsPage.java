package io.kubeipvs.proxy.metrics;

import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics}. Reading the kernel takes a while where there is much of it, so those who ask
 * while an answer waits to be made get that same answer: many who ask cost as much as one. It is
 * written straight into its compressed form, a tenth of the text, which is what Prometheus takes.
 */
public final class MetricsPage implements HttpHandler {
  private static final int FIRST_BYTES = 1 << 15;

  private final ProxyMetrics metrics;
  private final Supplier<@Nullable KernelFigures> kernel;
  private final Executor thread;
  private final AtomicReference<@Nullable CompletableFuture<byte[]>> waiting =
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
    CompletableFuture<byte[]> mine = new CompletableFuture<>();
    CompletableFuture<byte[]> others = waiting.compareAndExchange(null, mine);
    if (others == null) {
      thread.execute(() -> make(mine));
    }
    return (others == null ? mine : others).thenApply(made -> answer(made, question.gzip()));
  }

  private void make(CompletableFuture<byte[]> promise) {
    waiting.set(null);
    try {
      promise.complete(compressed());
    } catch (IOException | RuntimeException e) {
      promise.completeExceptionally(e);
    }
  }

  private byte[] compressed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BYTES);
    try (Writer out = new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8)) {
      metrics.scrape(kernel.get(), out);
    }
    return bytes.toByteArray();
  }

  private static HttpAnswer answer(byte[] compressed, boolean gzip) {
    TreeMap<String, String> headers = new TreeMap<>();
    headers.put("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    if (!gzip) {
      return new HttpAnswer(HttpAnswer.OK, headers, plain(compressed));
    }
    headers.put("Content-Encoding", "gzip");
    return new HttpAnswer(HttpAnswer.OK, headers, compressed);
  }

  private static byte[] plain(byte[] compressed) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory", e);
    }
  }
}
