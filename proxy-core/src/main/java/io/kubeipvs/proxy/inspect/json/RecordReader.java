package io.kubeipvs.proxy.inspect.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kubeipvs.iptables.SavedRules;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link RecordWriter} wrote. Members it does not know are passed over, and those that
 * are not there are empty: other versions of this program write other ones.
 */
public final class RecordReader {
  private final JsonParser in;
  private final Map<Type, Object> absent;

  /**
   * @param absent what stands for a member of these types that is not there, beside what is empty
   *     by itself
   */
  public RecordReader(JsonParser in, Map<Type, Object> absent) {
    this.in = in;
    this.absent = Map.copyOf(absent);
  }

  /** The value at whose first token the parser stands; afterwards it stands at the last. */
  public <T> T read(Class<T> type) throws IOException {
    return type.cast(read((Type) type, Map.of()));
  }

  private Object read(Type declared, Map<TypeVariable<?>, Type> variables) throws IOException {
    Type type = declared instanceof TypeVariable<?> ? meant(declared, variables) : declared;
    if (type instanceof ParameterizedType generic) {
      return generic(generic, variables);
    }
    return plain((Class<?>) type);
  }

  private static Type meant(Type variable, Map<TypeVariable<?>, Type> variables) {
    return Objects.requireNonNull(variables.get(variable), variable.getTypeName());
  }

  private Object generic(ParameterizedType type, Map<TypeVariable<?>, Type> variables)
      throws IOException {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (raw == Optional.class) {
      return Optional.of(read(arguments[0], variables));
    }
    if (raw == List.class) {
      return items(arguments[0], variables);
    }
    if (raw == Set.class) {
      return new LinkedHashSet<>(items(arguments[0], variables));
    }
    if (raw == SortedMap.class) {
      return map((Class<?>) arguments[0], arguments[1], variables);
    }
    return record(raw, Shape.variables(type));
  }

  private List<Object> items(Type type, Map<TypeVariable<?>, Type> variables) throws IOException {
    require(JsonToken.START_ARRAY);
    List<Object> items = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      items.add(read(type, variables));
    }
    return items;
  }

  private SortedMap<Object, Object> map(
      Class<?> keyType, Type valueType, Map<TypeVariable<?>, Type> variables) throws IOException {
    require(JsonToken.START_OBJECT);
    SortedMap<Object, Object> map = new TreeMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      Object key = text(keyType, in.currentName());
      in.nextToken();
      map.put(key, read(valueType, variables));
    }
    return map;
  }

  private Object plain(Class<?> type) throws IOException {
    if (type == int.class || type == Integer.class) {
      return in.getIntValue();
    }
    if (type == long.class || type == Long.class) {
      return in.getLongValue();
    }
    if (type == double.class) {
      return in.getDoubleValue();
    }
    if (type == boolean.class || type == Boolean.class) {
      return in.getBooleanValue();
    }
    if (type == SavedRules.class) {
      return rules();
    }
    if (type.isEnum() || TextForm.of(type) != null) {
      require(JsonToken.VALUE_STRING);
      return text(type, in.getText());
    }
    return type.isSealed() ? ofKind(type) : record(type, Map.of());
  }

  private Object text(Class<?> type, String text) throws IOException {
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(text)) {
          return constant;
        }
      }
      throw wrong("'" + text + "' is no " + type.getSimpleName());
    }
    TextForm<?> form = TextForm.of(type);
    if (form == null) {
      throw wrong(type.getSimpleName() + " is no text");
    }
    return form.read(text);
  }

  /** Which record it is, its first member tells. */
  private Object ofKind(Class<?> type) throws IOException {
    require(JsonToken.START_OBJECT);
    if (in.nextToken() != JsonToken.FIELD_NAME || !in.currentName().equals(RecordWriter.KIND)) {
      throw wrong("the kind of " + type.getSimpleName() + " is missing");
    }
    String kind = String.valueOf(in.nextTextValue());
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.getSimpleName().equals(kind)) {
        return members(permitted, Map.of());
      }
    }
    throw wrong("'" + kind + "' is no kind of " + type.getSimpleName());
  }

  private Object record(Class<?> type, Map<TypeVariable<?>, Type> variables) throws IOException {
    Shape shape = Shape.of(type);
    if (shape.single()) {
      return make(type, read(shape.members().get(0).type(), variables));
    }
    require(JsonToken.START_OBJECT);
    return members(type, variables);
  }

  private Object members(Class<?> type, Map<TypeVariable<?>, Type> variables) throws IOException {
    Map<String, Object> found = new HashMap<>();
    Shape shape = Shape.of(type);
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      Optional<Shape.Member> member =
          shape.members().stream().filter(m -> m.name().equals(name)).findFirst();
      if (member.isEmpty() || value == JsonToken.VALUE_NULL) {
        in.skipChildren();
      } else {
        found.put(name, read(member.get().type(), variables));
      }
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Shape.Member member : shape.members()) {
      Object value = found.get(member.name());
      values.add(value != null ? value : absent(member.type()));
    }
    return make(type, values.toArray());
  }

  private Object make(Class<?> type, @Nullable Object... values) throws IOException {
    try {
      return Shape.of(type).make(values);
    } catch (IllegalArgumentException e) {
      throw new JsonParseException(in, String.valueOf(e.getMessage()), e);
    }
  }

  /** What stands for a member that is not there; null where nothing can. */
  private @Nullable Object absent(Type type) {
    Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
    if (raw == Optional.class) {
      return Optional.empty();
    }
    if (raw == List.class) {
      return List.of();
    }
    if (raw == Set.class) {
      return Set.of();
    }
    if (raw == SortedMap.class) {
      return new TreeMap<>();
    }
    if (absent.containsKey(raw)) {
      return absent.get(raw);
    }
    if (raw == String.class) {
      return "";
    }
    if (raw == boolean.class) {
      return false;
    }
    if (raw == long.class) {
      return 0L;
    }
    if (raw == double.class) {
      return 0.0;
    }
    return raw == int.class ? 0 : null;
  }

  private SavedRules rules() throws IOException {
    require(JsonToken.START_OBJECT);
    List<Object> lines = List.of();
    List<String> notes = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      List<Object> texts = items(String.class, Map.of());
      if (name.equals("lines")) {
        lines = texts;
      } else if (name.equals("notes")) {
        texts.forEach(note -> notes.add((String) note));
      }
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return new SavedRules(SavedRules.parse(text.toString()).tables(), notes);
  }

  private void require(JsonToken token) throws JsonParseException {
    if (in.currentToken() != token) {
      throw wrong("a " + token + " was expected, not " + in.currentToken());
    }
  }

  private JsonParseException wrong(String message) {
    return new JsonParseException(in, message);
  }
}
