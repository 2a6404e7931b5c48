package io.kubeipvs.proxy.event;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Events where there is no API to write them to. */
public final class EventLog implements EventSink {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.event");

  @Override
  public void emit(Event event) {
    Level level = event.type() == Event.Type.Warning ? Level.WARN : Level.INFO;
    LOG.log(level, "{}: {} {}", event.about(), event.reason(), event.note());
  }
}
