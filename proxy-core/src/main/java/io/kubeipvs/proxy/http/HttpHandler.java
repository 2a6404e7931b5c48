package io.kubeipvs.proxy.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers questions. Called on the server's only thread: what takes long is done elsewhere. */
@FunctionalInterface
public interface HttpHandler {
  CompletionStage<HttpAnswer> handle(HttpQuestion question);

  static CompletionStage<HttpAnswer> now(HttpAnswer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
