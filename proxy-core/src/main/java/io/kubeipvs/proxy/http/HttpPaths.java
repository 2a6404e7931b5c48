package io.kubeipvs.proxy.http;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A handler for each path; 404 for others. */
public final class HttpPaths implements HttpHandler {
  private final Map<String, HttpHandler> handlers;

  public HttpPaths(Map<String, HttpHandler> handlers) {
    this.handlers = Map.copyOf(handlers);
  }

  @Override
  public CompletionStage<HttpAnswer> handle(HttpQuestion question) {
    HttpHandler handler = handlers.get(question.path());
    return handler == null ? HttpHandler.now(HttpAnswer.notFound()) : handler.handle(question);
  }
}
