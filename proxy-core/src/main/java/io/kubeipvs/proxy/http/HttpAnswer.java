package io.kubeipvs.proxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** An answer. Its body is never changed after this was made. */
public final class HttpAnswer {
  public static final int OK = 200;
  public static final int UNAVAILABLE = 503;

  private static final String TEXT = "text/plain; charset=utf-8";

  private final int status;
  private final SortedMap<String, String> headers;
  private final byte[] body;

  /**
   * @param headers sorted, as Go's server writes them; {@code Date} and {@code Content-Length}
   *     follow
   */
  public HttpAnswer(int status, SortedMap<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    this.body = body;
  }

  public int status() {
    return status;
  }

  public SortedMap<String, String> headers() {
    return headers;
  }

  /** Not a copy: it may be large, and nobody who gets it writes. */
  public byte[] body() {
    return body;
  }

  static HttpAnswer of(int status, String contentType, String body) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("Content-Type", contentType);
    return new HttpAnswer(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpAnswer json(int status, String body) {
    return of(status, "application/json", body).with("X-Content-Type-Options", "nosniff");
  }

  public static HttpAnswer text(String body) {
    return of(OK, TEXT, body).with("X-Content-Type-Options", "nosniff");
  }

  /** As Go's server says it. */
  public static HttpAnswer notFound() {
    return of(404, TEXT, "404 page not found\n").with("X-Content-Type-Options", "nosniff");
  }

  /** For requests that no handler sees; the connection ends with it. */
  public static HttpAnswer refusal(int status, String reason) {
    return of(status, TEXT, status + " " + reason);
  }

  /** For a handler that failed. */
  public static HttpAnswer failed(String reason) {
    return of(500, TEXT, reason + "\n").with("X-Content-Type-Options", "nosniff");
  }

  public HttpAnswer with(String header, String value) {
    SortedMap<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new HttpAnswer(status, more, body);
  }
}
