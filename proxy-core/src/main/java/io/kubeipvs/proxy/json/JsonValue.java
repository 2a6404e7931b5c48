package io.kubeipvs.proxy.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value that was read: an object, a list, text, a number, true or false, or nothing. */
public record JsonValue(@Nullable Object tree) {
  private static final JsonFactory JSON = new JsonFactory();

  public static JsonValue parse(String text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      return new JsonValue(read(parser));
    }
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, read(parser));
      }
      return members;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(read(parser));
      }
      return items;
    }
    if (token == null) {
      throw new IOException("a JSON value was expected");
    }
    return switch (token) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** A member of an object; nothing where there is none. */
  public JsonValue get(String member) {
    return new JsonValue(tree instanceof Map<?, ?> map ? map.get(member) : null);
  }

  public List<JsonValue> items() {
    List<JsonValue> items = new ArrayList<>();
    if (tree instanceof List<?> list) {
      list.forEach(item -> items.add(new JsonValue(item)));
    }
    return items;
  }

  /** Names of the members, in order. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    if (tree instanceof Map<?, ?> map) {
      map.keySet().forEach(name -> names.add("" + name));
    }
    return names;
  }

  /** Empty where there is nothing. */
  public String text() {
    return tree == null ? "" : tree.toString();
  }

  /** 0 where there is no number. */
  public long number() {
    return tree instanceof Number number ? number.longValue() : 0;
  }

  public double fraction() {
    return tree instanceof Number number ? number.doubleValue() : 0;
  }

  public boolean isTrue() {
    return Boolean.TRUE.equals(tree);
  }
}
