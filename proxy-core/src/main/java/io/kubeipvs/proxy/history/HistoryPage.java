package io.kubeipvs.proxy.history;

import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.util.concurrent.CompletionStage;

/** {@code /debug/history?since=N&limit=M}: the syncs from that number on, as JSON. */
public final class HistoryPage implements HttpHandler {
  public static final String PATH = "/debug/history";

  private static final int MOST = 10_000;

  private final History history;

  public HistoryPage(History history) {
    this.history = history;
  }

  @Override
  public CompletionStage<HttpAnswer> handle(HttpQuestion question) {
    long limit = Math.min(question.number("limit", MOST), MOST);
    String json = history.json(question.number("since", 0), (int) limit);
    return HttpHandler.now(HttpAnswer.json(HttpAnswer.OK, json).with("Cache-Control", "no-store"));
  }
}
