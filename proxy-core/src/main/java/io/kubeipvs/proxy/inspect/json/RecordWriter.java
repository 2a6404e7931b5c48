package io.kubeipvs.proxy.inspect.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kubeipvs.iptables.SavedRules;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes records, and what they consist of, as JSON. */
public final class RecordWriter {
  /** Names the kind of a value whose type has several. Its first member. */
  static final String KIND = "kind";

  private final JsonGenerator out;

  public RecordWriter(JsonGenerator out) {
    this.out = out;
  }

  public void write(Object value) throws IOException {
    if (value instanceof Record record) {
      record(record);
    } else if (value instanceof Collection<?> items) {
      list(items);
    } else if (value instanceof Map<?, ?> map) {
      map(map);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Double fraction) {
      out.writeNumber(fraction);
    } else if (value instanceof Number number) {
      out.writeNumber(number.longValue());
    } else {
      out.writeString(text(value));
    }
  }

  private static String text(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    TextForm<?> form = TextForm.of(value.getClass());
    if (form == null) {
      throw new IllegalArgumentException("no JSON form of " + value.getClass());
    }
    return form.write(value);
  }

  private void record(Record value) throws IOException {
    TextForm<?> form = TextForm.of(value.getClass());
    if (form != null) {
      out.writeString(form.write(value));
      return;
    }
    if (value instanceof SavedRules rules) {
      rules(rules);
      return;
    }
    Shape shape = Shape.of(value.getClass());
    if (shape.single()) {
      write(shape.members().get(0).get(value));
      return;
    }
    out.writeStartObject();
    if (Shape.sealedParent(value.getClass()) != null) {
      out.writeStringField(KIND, value.getClass().getSimpleName());
    }
    members(value);
    out.writeEndObject();
  }

  /** Into an object that is open already. */
  public void members(Record value) throws IOException {
    for (Shape.Member member : Shape.of(value.getClass()).members()) {
      Object component = member.get(value);
      @Nullable Object present =
          component instanceof Optional<?> optional ? optional.orElse(null) : component;
      if (present != null) {
        out.writeFieldName(member.name());
        write(present);
      }
    }
  }

  /** Rules are best read as the tool prints them. */
  private void rules(SavedRules rules) throws IOException {
    out.writeStartObject();
    out.writeFieldName("lines");
    list(rules.text().lines().toList());
    out.writeFieldName("notes");
    list(rules.notes());
    out.writeEndObject();
  }

  private void list(Collection<?> items) throws IOException {
    out.writeStartArray();
    for (Object item : items) {
      write(item);
    }
    out.writeEndArray();
  }

  private void map(Map<?, ?> map) throws IOException {
    out.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.writeFieldName(text(entry.getKey()));
      write(entry.getValue());
    }
    out.writeEndObject();
  }
}
