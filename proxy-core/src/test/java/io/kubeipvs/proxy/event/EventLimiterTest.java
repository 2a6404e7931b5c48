package io.kubeipvs.proxy.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.model.ServiceName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLimiterTest {
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private final List<Event> sent = new ArrayList<>();
  private final EventLimiter limiter = new EventLimiter(sent::add, () -> now);

  @Test
  void sameEventIsToldAgainOnlyAfterAWhile() {
    limiter.emit(event("web", "one"));
    limiter.emit(event("web", "one"));
    limiter.emit(event("web", "two"));
    assertThat(sent).hasSize(2);

    now = now.plus(EventLimiter.SAME);
    limiter.emit(event("web", "one"));

    assertThat(sent).hasSize(3);
    assertThat(limiter.dropped()).isEqualTo(1);
  }

  @Test
  void oneObjectCannotFloodAndSilencesNoOther() {
    for (int i = 0; i < 1000; i++) {
      limiter.emit(event("web", "note " + i));
    }
    assertThat(sent).hasSize(EventLimiter.BURST);

    limiter.emit(event("api", "one"));
    assertThat(sent).hasSize(EventLimiter.BURST + 1);

    now = now.plus(EventLimiter.REFILL.multipliedBy(2));
    for (int i = 0; i < 10; i++) {
      limiter.emit(event("web", "later " + i));
    }
    assertThat(sent).hasSize(EventLimiter.BURST + 3);
  }

  @Test
  void clockThatJumpsBackGivesNothingAway() {
    for (int i = 0; i < 100; i++) {
      limiter.emit(event("web", "note " + i));
    }
    now = now.minus(Duration.ofDays(1));
    limiter.emit(event("web", "past"));

    assertThat(sent).hasSize(EventLimiter.BURST);
  }

  @Test
  void longNoteIsCutToWhatTheApiTakes() {
    assertThat(List.of("x".repeat(5000), "ä".repeat(1000), "\ud83d\ude80".repeat(400)))
        .allSatisfy(
            note ->
                assertThat(event("web", note).note())
                    .endsWith("…")
                    .satisfies(
                        cut ->
                            assertThat(cut.getBytes(StandardCharsets.UTF_8).length)
                                .isBetween(Event.NOTE_LIMIT - 4, Event.NOTE_LIMIT)));
    assertThat(event("web", "ä".repeat(512)).note()).isEqualTo("ä".repeat(512));
  }

  private static Event event(String service, String note) {
    return new Event(
        ObjectReference.service(new ServiceName("default", service)),
        Event.Type.Warning,
        "Reason",
        "Action",
        note);
  }
}
