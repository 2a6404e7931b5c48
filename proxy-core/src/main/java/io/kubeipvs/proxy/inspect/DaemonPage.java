package io.kubeipvs.proxy.inspect;

import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves a {@link DaemonState} to the commands of this program. In a large cluster it is large:
 * written straight into its compressed form, on a thread of its own, and those who ask meanwhile
 * get the same answer.
 */
public final class DaemonPage implements HttpHandler {
  public static final String PATH = "/snapshot";

  private final Supplier<DaemonState> state;
  private final AtomicReference<@Nullable CompletableFuture<HttpAnswer>> underWay =
      new AtomicReference<>();

  public DaemonPage(Supplier<DaemonState> state) {
    this.state = state;
  }

  @Override
  public CompletionStage<HttpAnswer> handle(HttpQuestion question) {
    CompletableFuture<HttpAnswer> mine = new CompletableFuture<>();
    CompletableFuture<HttpAnswer> others = underWay.compareAndExchange(null, mine);
    if (others != null) {
      return others;
    }
    Thread writer = new Thread(() -> make(mine), "snapshot");
    writer.setDaemon(true);
    try {
      writer.start();
    } catch (OutOfMemoryError e) { // no thread to be had
      underWay.set(null);
      mine.completeExceptionally(e);
    }
    return mine;
  }

  private void make(CompletableFuture<HttpAnswer> promise) {
    try {
      HttpAnswer answer = answer(state.get());
      underWay.set(null);
      promise.complete(answer);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      underWay.set(null);
      promise.completeExceptionally(e);
    }
  }

  private static HttpAnswer answer(DaemonState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      SnapshotJson.write(state, out);
    }
    TreeMap<String, String> headers =
        new TreeMap<>(Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"));
    return new HttpAnswer(HttpAnswer.OK, headers, bytes.toByteArray());
  }
}
