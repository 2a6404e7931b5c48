package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.event.ObjectReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

/** Events as {@code events.k8s.io/v1} has them. */
final class EventText {
  private static final String CONTROLLER = "kube-ipvs";

  /** Where the API wants events about objects without a namespace. */
  private static final String DEFAULT_NAMESPACE = "default";

  private static final int INSTANCE_LIMIT = 128;

  private final JsonFactory json = new JsonFactory();
  private final String instance;

  EventText(String node) {
    String full = CONTROLLER + "-" + node;
    this.instance = full.substring(0, Math.min(full.length(), INSTANCE_LIMIT));
  }

  /** Of all events of the namespace for a first one; of its own for one that comes again. */
  String path(Event event, EventSeries series) {
    String all = "/apis/events.k8s.io/v1/namespaces/" + namespace(event) + "/events";
    return series.count() == 1 ? all : all + "/" + series.name();
  }

  private static String namespace(Event event) {
    String namespace = event.about().namespace();
    return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
  }

  byte[] object(Event event, EventSeries series) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = json.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("apiVersion", "events.k8s.io/v1");
      out.writeStringField("kind", "Event");
      out.writeObjectFieldStart("metadata");
      out.writeStringField("name", series.name());
      out.writeStringField("namespace", namespace(event));
      out.writeEndObject();
      out.writeStringField("eventTime", time(series.first()));
      out.writeStringField("reportingController", CONTROLLER);
      out.writeStringField("reportingInstance", instance);
      out.writeStringField("type", event.type().name());
      out.writeStringField("reason", event.reason());
      out.writeStringField("action", event.action());
      out.writeStringField("note", event.note());
      regarding(event.about(), out);
      if (series.count() > 1) {
        out.writeObjectFieldStart("series");
        out.writeNumberField("count", series.count());
        out.writeStringField("lastObservedTime", time(series.last()));
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void regarding(ObjectReference about, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("regarding");
    out.writeStringField("apiVersion", "v1");
    out.writeStringField("kind", about.kind());
    if (!about.namespace().isEmpty()) {
      out.writeStringField("namespace", about.namespace());
    }
    out.writeStringField("name", about.name());
    out.writeStringField("uid", about.uid());
    out.writeEndObject();
  }

  /** With exactly six digits after the second, or the API server takes it for no time. */
  static String time(Instant time) {
    String second = time.truncatedTo(ChronoUnit.SECONDS).toString();
    return "%s.%06dZ"
        .formatted(second.substring(0, second.length() - 1), time.get(ChronoField.MICRO_OF_SECOND));
  }
}
