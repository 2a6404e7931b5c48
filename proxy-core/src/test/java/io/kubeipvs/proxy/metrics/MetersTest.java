package io.kubeipvs.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Meters go on being read however often the JVM collects garbage. */
class MetersTest {
  private final Meters meters = new Meters();
  private final AtomicInteger value = new AtomicInteger();

  @Test
  void whatIsReadWhenAskedForOutlivesTheGarbageCollector() throws Exception {
    meters.counterOf(Metric.EVENTS_DROPPED_TOTAL, value::get);
    meters.gaugeOf(Metric.CONFLICTS, value::get);
    value.set(3);
    assertThat(text()).contains("kubeipvs_events_dropped_total 3.0", "kubeipvs_conflicts 3.0");

    collect();
    value.set(7);

    assertThat(text()).contains("kubeipvs_events_dropped_total 7.0", "kubeipvs_conflicts 7.0");
  }

  /** Until what nobody holds is gone, as a source that nobody holds would be. */
  private static void collect() throws InterruptedException {
    WeakReference<Object> nobodys = new WeakReference<>(new Object());
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (nobodys.get() != null && System.nanoTime() < deadline) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(nobodys.get()).isNull();
  }

  private String text() throws IOException {
    StringWriter out = new StringWriter();
    meters.writeTo(out);
    return out.toString();
  }
}
