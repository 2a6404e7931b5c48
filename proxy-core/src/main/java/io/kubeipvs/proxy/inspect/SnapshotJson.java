package io.kubeipvs.proxy.inspect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kubeipvs.proxy.inspect.json.RecordReader;
import io.kubeipvs.proxy.inspect.json.RecordWriter;
import io.kubeipvs.proxy.json.YamlWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.Type;
import java.util.Map;

/**
 * A document that says what it is: {@code {"document": "Snapshot", "version": 1, "content": ...}}.
 */
public final class SnapshotJson {
  /** Raised when readers of the one before would misunderstand. */
  private static final Map<Type, Object> ABSENT =
      Map.of(Part.class, Part.missing("not in what was saved"));

  private static final int VERSION = 1;

  private static final String WHAT = "document";
  private static final JsonFactory FACTORY = new JsonFactory();

  private SnapshotJson() {}

  /**
   * In as few bytes as JSON takes.
   *
   * @param document its class' name is the document's kind
   */
  public static void write(Record document, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(document, json);
    }
  }

  private static void write(Record document, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField(WHAT, document.getClass().getSimpleName());
    json.writeNumberField("version", VERSION);
    json.writeFieldName("content");
    new RecordWriter(json).write(document);
    json.writeEndObject();
  }

  /** For people: with line ends and indentation. */
  public static String pretty(Record document) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      write(document, json);
    }
    return text.append('\n').toString();
  }

  /** The same document as YAML. */
  public static String yaml(Record document) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(document, bytes);
    StringBuilder text = new StringBuilder();
    try (JsonParser json = FACTORY.createParser(bytes.toByteArray())) {
      new YamlWriter(json, text).write();
    }
    return text.toString();
  }

  /**
   * Reads what {@link #write} or {@link #pretty} wrote.
   *
   * @throws IOException for anything that is no document of that kind, and says what is wrong
   */
  public static <T extends Record> T read(Class<T> kind, InputStream in) throws IOException {
    try (JsonParser json = FACTORY.createParser(in)) {
      expect(json, JsonToken.START_OBJECT);
      expectName(json, WHAT);
      String found = String.valueOf(json.nextTextValue());
      if (!found.equals(kind.getSimpleName())) {
        throw new IOException("a " + found + " where a " + kind.getSimpleName() + " is expected");
      }
      expectName(json, "version");
      int version = json.nextIntValue(0);
      if (version < 1 || version > VERSION) {
        throw new IOException(
            "version " + version + " of a " + found + " is not known to this kube-ipvs");
      }
      expectName(json, "content");
      json.nextToken();
      return new RecordReader(json, ABSENT).read(kind);
    }
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.nextToken() != token) {
      throw new IOException("not a document of kube-ipvs");
    }
  }

  private static void expectName(JsonParser json, String name) throws IOException {
    expect(json, JsonToken.FIELD_NAME);
    if (!json.currentName().equals(name)) {
      throw new IOException("not a document of kube-ipvs: no '" + name + "'");
    }
  }
}
