package io.kubeipvs.proxy.inspect.json;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value that is one text in JSON. */
record TextForm<T>(Class<T> type, Writing<T> writing, Reading<T> reading) {

  interface Writing<T> {
    String write(T value);
  }

  interface Reading<T> {
    T read(String text) throws IOException;
  }

  private static final Map<Class<?>, TextForm<?>> ALL =
      Map.ofEntries(
          entry(String.class, text -> text, text -> text),
          entry(IpAddress.class, IpAddress::toString, IpAddress::of),
          entry(IpPrefix.class, IpPrefix::toString, IpPrefix::of),
          entry(Protocol.class, Protocol::toString, TextForm::protocol),
          entry(Instant.class, Instant::toString, Instant::parse),
          entry(Duration.class, Duration::toString, Duration::parse));

  private static <T> Map.Entry<Class<?>, TextForm<?>> entry(
      Class<T> type, Writing<T> writing, Reading<T> reading) {
    return Map.entry(type, new TextForm<>(type, writing, reading));
  }

  /** Null for a type that is no text. */
  static @Nullable TextForm<?> of(Class<?> type) {
    return ALL.get(type);
  }

  private static Protocol protocol(String text) {
    return Protocol.ofName(text).orElseGet(() -> new Protocol(Integer.parseInt(text)));
  }

  String write(Object value) {
    return writing.write(type.cast(value));
  }

  T read(String text) throws IOException {
    try {
      return reading.read(text);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new IOException("'" + text + "' is no " + type.getSimpleName(), e);
    }
  }
}
