package io.kubeipvs.proxy.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What a client asks, as far as anybody here wants to know. A body is never read.
 *
 * @param path without the query
 * @param query what stands behind the first question mark, as it came
 * @param gzip whether the answer may be compressed
 * @param openMetrics whether the client prefers OpenMetrics to the older text format
 */
public record HttpQuestion(
    String method, String path, String query, boolean gzip, boolean openMetrics) {

  /** One without a query. */
  public HttpQuestion(String method, String path, boolean gzip, boolean openMetrics) {
    this(method, path, "", gzip, openMetrics);
  }

  /** A parameter of the query, the first of that name; empty where there is none. */
  public String parameter(String name) {
    for (String each : query.split("&", -1)) {
      if (each.startsWith(name + "=")) {
        return decoded(each.substring(name.length() + 1));
      }
    }
    return "";
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** A parameter that is a number of 0 or more; the default for anything else. */
  public long number(String name, long otherwise) {
    try {
      long number = Long.parseLong(parameter(name));
      return number < 0 ? otherwise : number;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
