package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of a list, its objects one by one. A page that ends early, or lacks what every list
 * has, fails: half a list must not pass for a short one.
 */
final class ListReader {
  private final JsonParser parser;
  private final Consumer<Object> items;
  private boolean listed;
  private @Nullable Object metadata;

  private ListReader(JsonParser parser, Consumer<Object> items) {
    this.parser = parser;
    this.items = items;
  }

  /**
   * The end of a page.
   *
   * @param resourceVersion of the whole list
   * @param continueToken to ask for the next page with; empty after the last
   */
  record Page(String resourceVersion, String continueToken) {}

  static Page read(JsonFactory json, InputStream body, Consumer<Object> items) throws IOException {
    try (JsonParser parser = json.createParser(body)) {
      return new ListReader(parser, items).page();
    }
  }

  private Page page() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("the answer is not a list");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      member(name);
    }
    String version = metadataText("resourceVersion");
    if (!listed || version.isEmpty()) {
      throw new IOException("the answer is not a list: it lacks items or metadata.resourceVersion");
    }
    return new Page(version, metadataText("continue"));
  }

  private void member(String name) throws IOException {
    switch (name) {
      case "metadata" -> metadata = JsonTree.read(parser);
      case "items" -> items();
      default -> parser.skipChildren();
    }
  }

  /** An empty list may be null. */
  private void items() throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        Object item = JsonTree.read(parser);
        if (item != null) {
          items.accept(item);
        }
      }
    } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
      throw new IOException("the answer is not a list: items is none");
    }
    listed = true;
  }

  private String metadataText(String member) {
    return metadata == null ? "" : ApiObject.text(metadata, member).orElse("");
  }
}
