package io.kubeipvs.proxy.status;

import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code /}: a page that shows {@link StatePage} and the history. One document with its style and
 * its script in it, which the policy names by their hashes: a browser runs nothing else there,
 * loads nothing from elsewhere, and cannot be made to show it inside another page.
 */
public final class StatusPage implements HttpHandler {
  private @Nullable HttpAnswer page;

  @Override
  public CompletionStage<HttpAnswer> handle(HttpQuestion question) {
    if (page == null) {
      page = make();
    }
    return HttpHandler.now(page);
  }

  private static HttpAnswer make() {
    String style = resource("status.css");
    String script = resource("status.js");
    String html = resource("status.html").replace("/*STYLE*/", style).replace("/*SCRIPT*/", script);
    TreeMap<String, String> headers = new TreeMap<>();
    headers.put("Content-Type", "text/html; charset=utf-8");
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; connect-src 'self'; img-src data:; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .formatted(hash(style), hash(script)));
    headers.put("Cache-Control", "no-cache");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    return new HttpAnswer(HttpAnswer.OK, headers, html.getBytes(StandardCharsets.UTF_8));
  }

  private static String resource(String name) {
    try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }
}
