package io.kubeipvs.proxy.status;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code /debug/state?search=WORDS&filter=F&sort=S&offset=N&limit=M}, as JSON. The kernel is opened
 * when it is first asked for: most nodes are never looked at.
 */
public final class StatePage implements HttpHandler {
  public static final String PATH = "/debug/state";
  private static final int FORGET_SECONDS = 15;

  /** A client that hangs up leaves its question behind; the thread has other work too. */
  private static final int MOST_WAITING = 4;

  private final AtomicInteger waiting = new AtomicInteger();
  private final Facts facts;
  private final Kernel kernel;
  private final ScheduledExecutorService thread;
  private final Duration fresh;
  private @Nullable KernelTable table;
  private @Nullable ScheduledFuture<?> forgetting;

  /** Where the table is read. */
  @FunctionalInterface
  public interface Kernel {
    Ipvs open() throws IOException;
  }

  /**
   * @param kernel asked once, on the thread
   * @param thread does one thing at a time
   */
  public StatePage(Facts facts, Kernel kernel, ScheduledExecutorService thread) {
    this(facts, kernel, thread, KernelTable.FRESH);
  }

  StatePage(Facts facts, Kernel kernel, ScheduledExecutorService thread, Duration fresh) {
    this.fresh = fresh;
    this.facts = facts;
    this.kernel = kernel;
    this.thread = thread;
  }

  @Override
  public CompletionStage<HttpAnswer> handle(HttpQuestion question) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return HttpHandler.now(HttpAnswer.refusal(503, "Service Unavailable"));
    }
    CompletableFuture<HttpAnswer> promise = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            promise.complete(answer(Query.of(question)));
          } catch (IOException | RuntimeException e) {
            promise.completeExceptionally(e);
          } finally {
            waiting.decrementAndGet();
          }
        });
    return promise;
  }

  private HttpAnswer answer(Query query) throws IOException {
    KernelTable open = table;
    if (open == null) {
      open = new KernelTable(kernel.open(), facts.tracker()::services, fresh);
      table = open;
    }
    forgetLater(open);
    String json = new StateText(facts, open).of(query, Instant.now());
    return HttpAnswer.json(HttpAnswer.OK, json).with("Cache-Control", "no-store");
  }

  private void forgetLater(KernelTable open) {
    if (forgetting != null) {
      forgetting.cancel(false);
    }
    forgetting = thread.schedule(open::forget, FORGET_SECONDS, TimeUnit.SECONDS);
  }
}
