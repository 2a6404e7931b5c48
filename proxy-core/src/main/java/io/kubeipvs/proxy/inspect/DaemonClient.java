package io.kubeipvs.proxy.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

/** Asks a running daemon. */
public final class DaemonClient {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Of a daemon in the middle of a large sync, on a machine with one core. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private DaemonClient() {}

  /**
   * All it tells.
   *
   * @param address of its metrics
   * @throws java.net.ConnectException when nobody listens there
   * @throws IOException when who listens there is no kube-ipvs, and says so
   */
  public static DaemonState ask(InetSocketAddress address) throws IOException {
    return ask(
        address,
        DaemonPage.PATH,
        in -> SnapshotJson.read(DaemonState.class, new GZIPInputStream(in)));
  }

  /** One of its pages as it is. */
  public static String page(InetSocketAddress address, String path) throws IOException {
    return ask(address, path, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  private interface Reading<T> {
    T read(InputStream in) throws IOException;
  }

  private static <T> T ask(InetSocketAddress address, String path, Reading<T> reading)
      throws IOException {
    HttpURLConnection connection = open(address, path);
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("HTTP status " + connection.getResponseCode() + " for " + path);
      }
      try (InputStream in = connection.getInputStream()) {
        return reading.read(in);
      }
    } finally {
      connection.disconnect();
    }
  }

  private static HttpURLConnection open(InetSocketAddress address, String path) throws IOException {
    try {
      URI uri =
          new URI(
              "http",
              null,
              address.getAddress().getHostAddress(),
              address.getPort(),
              path,
              null,
              null);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
      connection.setReadTimeout(Math.toIntExact(ANSWER.toMillis()));
      return connection;
    } catch (URISyntaxException e) {
      throw new IOException(address.toString(), e);
    }
  }
}
