package io.kubeipvs.proxy.inspect;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a snapshot, or why it is not there.
 *
 * @param missing empty when it is there
 */
public record Part<T>(Optional<T> value, String missing) {

  /** Reads a part of the kernel. */
  @FunctionalInterface
  public interface Reading<T> {
    T read() throws IOException;
  }

  public static <T> Part<T> of(T value) {
    return new Part<>(Optional.of(value), "");
  }

  public static <T> Part<T> missing(String reason) {
    return new Part<>(Optional.empty(), reason);
  }

  /** Of what can be read, or the reason why it cannot. */
  public static <T> Part<T> read(Reading<T> reading) {
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

  public T orElse(T other) {
    return value.orElse(other);
  }

  public <R> Part<R> map(Function<T, R> function) {
    return new Part<>(value.map(function), missing);
  }
}
