package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.event.ObjectReference;
import io.kubeipvs.proxy.model.ServiceName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiEventsTest {
  private static final ApiEvents.Timing AT_ONCE =
      new ApiEvents.Timing(Duration.ZERO, Duration.ofMillis(5));

  private final ApiStandIn api = new ApiStandIn();
  private final List<ApiCall> calls = new CopyOnWriteArrayList<>();
  private final Semaphore answered = new Semaphore(0);
  private int awaited;
  private volatile Instant now = Instant.parse("2026-03-01T00:00:00.000123456Z");

  private final ApiMonitor monitor =
      new ApiMonitor() {
        @Override
        public void request(ApiCall call) {
          calls.add(call);
          answered.release();
        }

        @Override
        public void reachable(String resource, boolean reachable) {}
      };

  private final ApiEvents events =
      new ApiEvents(
          new HttpApiServer(() -> Credentials.anonymous(api.uri())),
          "node1",
          monitor,
          () -> now,
          AT_ONCE);

  ApiEventsTest() throws IOException {}

  @AfterEach
  void close() {
    api.close();
  }

  private static Event event(String service, String note) {
    return new Event(
        ObjectReference.service(new ServiceName("shop", service)),
        Event.Type.Warning,
        "AddressConflict",
        "SyncProxyRules",
        note);
  }

  /** Waits until so many requests were answered since the test began. */
  private void awaitCalls(int count) throws InterruptedException {
    assertThat(answered.tryAcquire(count - awaited, 120, TimeUnit.SECONDS))
        .as("%d requests; there were %s", count, calls)
        .isTrue();
    awaited = count;
  }

  @Test
  void anEventIsWrittenAsTheApiWantsIt() throws Exception {
    events.emit(event("web", "10.96.0.10:80 is \"taken\""));
    awaitCalls(1);

    assertThat(api.requests()).hasSize(1);
    assertThat(api.requests().get(0).path())
        .isEqualTo("/apis/events.k8s.io/v1/namespaces/shop/events");
    assertThat(api.requests().get(0).body())
        .isEqualTo(
            """
            {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{\
            "name":"web.%s","namespace":"shop"},\
            "eventTime":"2026-03-01T00:00:00.000123Z",\
            "reportingController":"kube-ipvs","reportingInstance":"kube-ipvs-node1",\
            "type":"Warning","reason":"AddressConflict","action":"SyncProxyRules",\
            "note":"10.96.0.10:80 is \\"taken\\"",\
            "regarding":{"apiVersion":"v1","kind":"Service","namespace":"shop","name":"web",\
            "uid":"shop/web"}}"""
                .formatted(Long.toHexString(1772323200000123456L)));
    assertThat(calls)
        .extracting(call -> call.method() + " " + call.verb() + " " + call.status())
        .containsExactly("POST create 201");
  }

  @Test
  void anEventAboutTheNodeIsInTheDefaultNamespace() throws Exception {
    events.emit(
        new Event(
            ObjectReference.node("node1"), Event.Type.Normal, "Starting", "StartKubeProxy", ""));
    awaitCalls(1);

    assertThat(api.requests().get(0).path())
        .isEqualTo("/apis/events.k8s.io/v1/namespaces/default/events");
    assertThat(api.objects("events").get(0))
        .contains("\"kind\":\"Node\",\"name\":\"node1\",\"uid\":\"node1\"");
  }

  @Test
  void whatHappensAgainIsCountedInTheFirst() throws Exception {
    events.emit(event("web", "one"));
    awaitCalls(1);
    now = now.plusSeconds(900);
    events.emit(event("web", "one"));
    awaitCalls(2);
    now = now.plusSeconds(900);
    events.emit(event("web", "one"));
    awaitCalls(3);

    assertThat(api.objects("events")).hasSize(1);
    assertThat(api.objects("events").get(0))
        .contains("\"eventTime\":\"2026-03-01T00:00:00.000123Z\"")
        .contains("\"series\":{\"count\":3,\"lastObservedTime\":\"2026-03-01T00:30:00.000123Z\"}");

    now = now.plusSeconds(3600); // by then the API server has forgotten it
    events.emit(event("web", "one"));
    awaitCalls(4);
    assertThat(api.objects("events")).hasSize(2);
  }

  @Test
  void aServerThatIsBusyIsAskedAgain() throws Exception {
    api.misbehave(
        "create events", ApiStandIn.status(429, "later"), ApiStandIn.status(503, "starting"));
    events.emit(event("web", "one"));
    awaitCalls(3);

    assertThat(calls).extracting(ApiCall::status).containsExactly(429, 503, 201);
    assertThat(events.dropped()).isZero();
  }

  @Test
  void whatIsForbiddenIsDroppedAndNotAskedForAgain() throws Exception {
    api.misbehave("create events", ApiStandIn.status(403, "events is forbidden"));
    events.emit(event("web", "one"));
    events.emit(event("web", "two"));
    awaitCalls(2);

    assertThat(calls).extracting(ApiCall::status).containsExactly(403, 201);
    assertThat(events.dropped()).isEqualTo(1);
  }

  @Test
  void beyondTheQueueEventsAreDroppedAndNobodyWaits() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    api.misbehave(
        "create events",
        exchange -> {
          await(held);
          ApiStandIn.status(403, "").answer(exchange);
        });
    int lost = 50;
    for (int i = 0; i < 1 + ApiEvents.QUEUE + lost; i++) {
      events.emit(event("web", "note " + i));
    }
    assertThat(events.dropped()).isEqualTo(lost);
    held.countDown();
    awaitCalls(1 + ApiEvents.QUEUE);
    assertThat(api.objects("events")).hasSize(ApiEvents.QUEUE);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void namesOfEventsFitWhateverTheNodeIsCalled() {
    EventSeries series = EventSeries.first("n".repeat(235) + ".abcdefgh", Long.MAX_VALUE, now);
    assertThat(series.name()).hasSizeLessThanOrEqualTo(253).doesNotContain("..");
  }
}
