package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.event.EventSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Writes events to the API server, on a thread of its own and no faster than {@link Timing} says.
 * The same event again within an hour (which is how long API servers keep events) counts up the
 * first one. Nothing waits for it: beyond a bounded queue events are dropped, and counted.
 */
public final class ApiEvents implements EventSink {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.event");

  static final int QUEUE = 256;
  private static final int REMEMBERED = 256;
  private static final int ATTEMPTS = 3;
  private static final Duration KEPT = Duration.ofHours(1);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ApiServer api;
  private final EventText text;
  private final ApiMonitor monitor;
  private final InstantSource clock;
  private final Timing timing;
  private final AtomicLong dropped = new AtomicLong();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE.toSeconds(),
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          ApiEvents::thread,
          (task, executor) -> dropped.incrementAndGet());

  /** Belongs to the thread, as the next. */
  private final Map<Event, EventSeries> written =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Event, EventSeries> eldest) {
          return size() > REMEMBERED;
        }
      };

  private long lastNumber;
  private boolean failing;

  /**
   * How long to wait for what.
   *
   * @param gap between two events
   * @param retry between two attempts to write one
   */
  record Timing(Duration gap, Duration retry) {
    /** 5 a second are what client-go grants kube-proxy. */
    static final Timing DEFAULT = new Timing(Duration.ofMillis(200), Duration.ofSeconds(10));
  }

  /** From the proxy of the node of that name. */
  public static ApiEvents open(ApiAccess access, String node, ApiMonitor monitor) {
    return new ApiEvents(
        new HttpApiServer(access), node, monitor, InstantSource.system(), Timing.DEFAULT);
  }

  ApiEvents(ApiServer api, String node, ApiMonitor monitor, InstantSource clock, Timing timing) {
    this.api = api;
    this.text = new EventText(node);
    this.monitor = monitor;
    this.clock = clock;
    this.timing = timing;
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable task) {
    Thread made = new Thread(task, "api-events");
    made.setDaemon(true);
    return made;
  }

  @Override
  public void emit(Event event) {
    thread.execute(() -> writeThenWait(event));
  }

  @Override
  public long dropped() {
    return dropped.get();
  }

  private void writeThenWait(Event event) {
    try {
      write(event);
      TimeUnit.NANOSECONDS.sleep(timing.gap().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("a defect of kube-ipvs, in its events", e);
    }
  }

  private void write(Event event) throws InterruptedException {
    Instant now = clock.instant();
    EventSeries former = written.get(event);
    EventSeries series =
        former != null && former.isWithin(KEPT, now) ? former.and(now) : first(event, now);
    for (int attempt = 1; ; attempt++) {
      try {
        send(event, series);
        written.put(event, series);
        failing = false;
        return;
      } catch (IOException e) {
        if (attempt == ATTEMPTS || !isWorthAnotherAttempt(e)) {
          failed(e);
          return;
        }
      }
      TimeUnit.NANOSECONDS.sleep(timing.retry().toNanos());
    }
  }

  /** By the time in nanoseconds, as in client-go; never the same twice, whatever the clock does. */
  private EventSeries first(Event event, Instant now) {
    lastNumber = Math.max(lastNumber + 1, ChronoUnit.NANOS.between(Instant.EPOCH, now));
    return EventSeries.first(event.about().name(), lastNumber, now);
  }

  private void send(Event event, EventSeries series) throws IOException {
    long start = System.nanoTime();
    // Of the ways to change an object, PUT is the one that the oldest client of the Java runtime
    // knows; an API server makes the event anew where it has forgotten it.
    String method = series.count() == 1 ? "POST" : "PUT";
    int status = 0;
    try {
      api.send(method, text.path(event, series), text.object(event, series));
      status = series.count() == 1 ? 201 : 200;
    } catch (ApiRefusedException e) {
      status = e.status();
      throw e;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      String verb = series.count() == 1 ? "create" : "update";
      monitor.request(new ApiCall(api.host(), method, verb, "events", status, took));
    }
  }

  private boolean isWorthAnotherAttempt(IOException e) {
    if (!(e instanceof ApiRefusedException refused)) {
      if (Elsewhere.isPossible(e)) {
        api.renewCredentials();
      }
      return true;
    }
    if (refused.status() == ApiRefusedException.UNAUTHORIZED) {
      api.renewCredentials();
    }
    return refused.isPassing();
  }

  /** Said once, until one is written again. */
  private void failed(IOException e) {
    dropped.incrementAndGet();
    if (!failing) {
      failing = true;
      String reason = KubernetesSource.reason(e, "create and update of events");
      LOG.warn("events cannot be written at {}: {}; they are left out", api.name(), reason);
    }
  }
}
