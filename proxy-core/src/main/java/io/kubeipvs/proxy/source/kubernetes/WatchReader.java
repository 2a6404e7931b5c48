package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads the events of a watch, one after the other, as they come. */
final class WatchReader implements Closeable {
  private final JsonParser parser;

  WatchReader(JsonFactory json, InputStream body) throws IOException {
    this.parser = json.createParser(body);
  }

  /**
   * @param type {@code ADDED}, {@code MODIFIED}, {@code DELETED}, {@code BOOKMARK} or {@code ERROR}
   */
  record Event(String type, Object object) {}

  /**
   * The next event; nothing when the server ended the watch.
   *
   * @throws GarbageException when what came is no event
   */
  Optional<Event> next() throws IOException {
    try {
      return parser.nextToken() == null ? Optional.empty() : Optional.of(event());
    } catch (JsonEOFException e) {
      throw new IOException("the connection ended within an event", e);
    } catch (JsonProcessingException e) {
      throw new GarbageException(e.getOriginalMessage());
    }
  }

  private Event event() throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new GarbageException("not an object");
    }
    Object tree = JsonTree.read(parser);
    Optional<String> type = tree == null ? Optional.empty() : ApiObject.text(tree, "type");
    Optional<Object> object = tree == null ? Optional.empty() : ApiObject.child(tree, "object");
    if (type.isEmpty() || object.isEmpty()) {
      throw new GarbageException("an event without type or object");
    }
    return new Event(type.get(), object.get());
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** What came is no watch. */
  static final class GarbageException extends IOException {
    private static final long serialVersionUID = 1L;

    GarbageException(String message) {
      super("the watch sent garbage: " + message);
    }
  }
}
