package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import io.kubeipvs.proxy.event.Event;
import io.kubeipvs.proxy.event.ObjectReference;
import io.kubeipvs.proxy.source.ObjectMapping;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** What reading from the API server loads, gone through without one. */
public final class ApiRehearsal {
  private static final String SERVICE =
      """
      {"metadata":{"name":"web","namespace":"default","managedFields":[{"time":1.5}]},\
      "spec":{"clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],"ports":[{"port":80}]}}""";

  private ApiRehearsal() {}

  public static void run() throws IOException {
    JsonFactory json = new JsonFactory();
    String list = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + SERVICE + "]}";
    ListReader.read(json, bytes(list), ObjectMapping::service);
    String added = "{\"type\":\"ADDED\",\"object\":" + SERVICE + "}";
    try (WatchReader watch = new WatchReader(json, bytes(added))) {
      watch.next();
    }
    Event event = new Event(ObjectReference.node("node1"), Event.Type.Normal, "Starting", "", "");
    new EventText("node1").object(event, EventSeries.first("node1", 1, Instant.EPOCH));
    ask("http");
    ask("https");
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The port for discarding: nobody serves it, and everything up to the refusal is loaded. */
  private static void ask(String scheme) {
    Credentials credentials = Credentials.anonymous(URI.create(scheme + "://127.0.0.1:9"));
    try (InputStream answer =
        new HttpApiServer(() -> credentials).get("/", Duration.ofMillis(100))) {
      answer.read();
    } catch (IOException e) {
      // As it must be.
    }
  }
}
