package io.kubeipvs.proxy.event;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets through what is new. The same event again within {@link #SAME} says nothing; and one object
 * gets at most {@link #BURST} events at once and one more each {@link #REFILL}, which are the
 * limits of client-go. Remembers a bounded number of objects: the cluster chooses their names.
 */
public final class EventLimiter implements EventSink {
  static final Duration SAME = Duration.ofMinutes(10);
  static final Duration REFILL = Duration.ofMinutes(5);
  static final int BURST = 25;
  private static final int REMEMBERED = 1024;

  private final EventSink sink;
  private final InstantSource clock;
  private final Map<Event, Instant> sent = bounded();
  private final Map<ObjectReference, Bucket> buckets = bounded();
  private long dropped;

  private record Bucket(double tokens, Instant at) {}

  public EventLimiter(EventSink sink, InstantSource clock) {
    this.sink = sink;
    this.clock = clock;
  }

  private static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  @Override
  public void emit(Event event) {
    if (isDue(event)) {
      sink.emit(event);
    }
  }

  private synchronized boolean isDue(Event event) {
    Instant now = clock.instant();
    Instant before = sent.get(event);
    if ((before != null && before.plus(SAME).isAfter(now)) || !takeToken(event.about(), now)) {
      dropped++;
      return false;
    }
    sent.put(event, now);
    return true;
  }

  private boolean takeToken(ObjectReference about, Instant now) {
    Bucket bucket = buckets.getOrDefault(about, new Bucket(BURST, now));
    double gained = Duration.between(bucket.at(), now).toMillis() / (double) REFILL.toMillis();
    double tokens = Math.min(BURST, bucket.tokens() + Math.max(0, gained));
    boolean enough = tokens >= 1;
    buckets.put(about, new Bucket(enough ? tokens - 1 : tokens, now));
    return enough;
  }

  /** Those not let through, and those that got lost behind. */
  @Override
  public long dropped() {
    long behind = sink.dropped();
    synchronized (this) {
      return dropped + behind;
    }
  }
}
