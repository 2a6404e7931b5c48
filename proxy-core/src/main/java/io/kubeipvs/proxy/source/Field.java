package io.kubeipvs.proxy.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A place in a document and what stands there. It gives the value as what it should be; anything
 * else is reported with its path and counts as absent, which {@link #isPresent} tells apart.
 *
 * @param value a tree as {@link YamlDocuments} makes it; null where nothing is
 */
public record Field(FieldPath path, @Nullable Object value, Problems problems) {

  public static Field root(Object document, Problems problems) {
    return new Field(FieldPath.ROOT, document, problems);
  }

  public boolean isPresent() {
    return value != null;
  }

  public void refuse(String message) {
    problems.add(path.toString(), message);
  }

  /** The same place, its problems reported for an object of that name. */
  Field as(String object) {
    return new Field(path, value, problems.of(object));
  }

  public Field get(String name) {
    if (value instanceof Map<?, ?> map) {
      return new Field(path.member(name), map.get(name), problems);
    }
    if (value != null) {
      refuse(Shown.of(value) + " is not an object");
    }
    return new Field(path.member(name), null, problems);
  }

  /** The names of an object's members; none when it is no object. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    if (value instanceof Map<?, ?> map) {
      map.keySet().forEach(name -> names.add((String) name));
    }
    return names;
  }

  public List<Field> items() {
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      refuse(Shown.of(value) + " is not a list");
      return List.of();
    }
    List<Field> items = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      items.add(new Field(path.item(i), list.get(i), problems));
    }
    return items;
  }

  public Optional<String> text() {
    if (value instanceof String text) {
      return Optional.of(text);
    }
    if (value != null) {
      refuse(Shown.of(value) + " is not a text");
    }
    return Optional.empty();
  }

  /** A text that must be there. */
  public Optional<String> requiredText() {
    if (value == null) {
      refuse("is missing");
    }
    return text();
  }

  public OptionalInt integer(int lowest, int highest) {
    if (value instanceof Long whole) {
      if (whole >= lowest && whole <= highest) {
        return OptionalInt.of(whole.intValue());
      }
      refuse(Shown.of(value) + " is not in " + lowest + ".." + highest);
    } else if (value != null) {
      refuse(Shown.of(value) + " is not a whole number");
    }
    return OptionalInt.empty();
  }

  public boolean flag(boolean whenAbsent) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value != null) {
      refuse(Shown.of(value) + " is neither true nor false");
    }
    return whenAbsent;
  }
}
