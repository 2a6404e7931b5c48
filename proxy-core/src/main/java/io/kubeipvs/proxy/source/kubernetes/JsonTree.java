package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON value as the tree that mappers take: {@code Map<String, Object>}, {@code
 * List<Object>}, {@code String}, {@code Long}, {@code Double}, {@code Boolean} and null.
 */
final class JsonTree {
  /**
   * Members that may be most of an object and say nothing to a proxy; they are passed over as they
   * arrive.
   */
  private static final Set<String> PASSED_OVER =
      Set.of(
          "managedFields",
          "kubectl.kubernetes.io/last-applied-configuration",
          "ownerReferences",
          "deprecatedTopology",
          "images",
          "volumesInUse",
          "volumesAttached",
          "nodeInfo",
          "capacity",
          "allocatable");

  private JsonTree() {}

  /** The value at whose first token the parser stands; afterwards it stands at the last. */
  static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> wholeNumber(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new JsonParseException(parser, "a value was expected");
    };
  }

  private static Object wholeNumber(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getDoubleValue();
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (PASSED_OVER.contains(name)) {
        parser.skipChildren();
      } else {
        members.put(name, read(parser));
      }
    }
    return members;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(read(parser));
    }
    return items;
  }
}
