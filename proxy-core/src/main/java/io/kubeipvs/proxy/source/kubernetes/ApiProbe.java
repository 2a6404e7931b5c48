package io.kubeipvs.proxy.source.kubernetes;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Asks the API server once for a little of each kind that the source follows. */
public final class ApiProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final List<String> PATHS =
      List.of(
          "/api/v1/services?limit=1",
          "/apis/discovery.k8s.io/v1/endpointslices?limit=1",
          "/api/v1/nodes?limit=1");

  private final Credentials credentials;
  private final @Nullable SSLContext tls;

  /**
   * What came of it.
   *
   * @param server its address; empty when not even that is known
   * @param failure why the server could not be asked
   * @param refused what it did not show, with its status
   * @param took the slowest of its answers
   * @param clockAhead how far our clock is before the server's
   */
  public record Answer(
      String server,
      Optional<String> failure,
      List<String> refused,
      Duration took,
      Optional<Duration> clockAhead) {
    public Answer {
      refused = List.copyOf(refused);
    }
  }

  private ApiProbe(Credentials credentials, @Nullable SSLContext tls) {
    this.credentials = credentials;
    this.tls = tls;
  }

  public static Answer ask(ApiAccess access) {
    String server = "";
    try {
      Credentials credentials = access.read();
      server = credentials.server().toString();
      boolean secure = "https".equalsIgnoreCase(credentials.server().getScheme());
      return new ApiProbe(credentials, secure ? Tls.context(credentials) : null).ask();
    } catch (AccessException | IOException e) {
      String reason = e instanceof AccessException ? String.valueOf(e.getMessage()) : e.toString();
      return new Answer(server, Optional.of(reason), List.of(), Duration.ZERO, Optional.empty());
    }
  }

  private Answer ask() throws IOException {
    List<String> refused = new ArrayList<>();
    Duration slowest = Duration.ZERO;
    Optional<Duration> ahead = Optional.empty();
    for (String path : PATHS) {
      long began = System.nanoTime();
      HttpURLConnection connection = connection(path);
      int status = connection.getResponseCode();
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
      if (connection.getDate() != 0) {
        Duration difference =
            Duration.between(Instant.ofEpochMilli(connection.getDate()), Instant.now());
        ahead = Optional.of(difference);
      }
      if (status != HttpURLConnection.HTTP_OK) {
        refused.add("GET " + path.replaceFirst("\\?.*", "") + ": " + status);
      }
      connection.disconnect();
    }
    return new Answer(credentials.server().toString(), Optional.empty(), refused, slowest, ahead);
  }

  private HttpURLConnection connection(String path) throws IOException {
    URI uri = URI.create(credentials.server() + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection https && tls != null) {
      https.setSSLSocketFactory(tls.getSocketFactory());
      Tls.verifier(credentials).ifPresent(https::setHostnameVerifier);
    }
    connection.setConnectTimeout((int) PATIENCE.toMillis());
    connection.setReadTimeout((int) PATIENCE.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("User-Agent", "kube-ipvs");
    Optional<String> bearer = credentials.bearer();
    bearer.ifPresent(token -> connection.setRequestProperty("Authorization", "Bearer " + token));
    return connection;
  }
}
