package io.kubeipvs.proxy.event;

/** Where events go. Never blocks for long and never throws: an event is not worth a failure. */
@FunctionalInterface
public interface EventSink {
  void emit(Event event);

  /** How many it was given and will never write. */
  default long dropped() {
    return 0;
  }
}
