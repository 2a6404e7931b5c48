package io.kubeipvs.proxy.check.facts;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was read, or why it could not be.
 *
 * @param missing empty when it is there
 */
public record Known<T>(Optional<T> value, String missing) {

  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }

  public static <T> Known<T> of(T value) {
    return new Known<>(Optional.of(value), "");
  }

  public static <T> Known<T> missing(String reason) {
    return new Known<>(Optional.empty(), reason);
  }

  static <T> Known<T> read(Reading<T> reading) {
    try {
      return of(reading.read());
    } catch (IOException e) {
      String message = e.getMessage();
      return missing(message == null ? e.toString() : message);
    }
  }

  public boolean isPresent() {
    return value.isPresent();
  }

  public <R> Known<R> map(Function<T, R> function) {
    return new Known<>(value.map(function), missing);
  }
}
