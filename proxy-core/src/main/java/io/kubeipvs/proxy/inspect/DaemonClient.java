package io.kubeipvs.proxy.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

/** Asks a running daemon. */
public final class DaemonClient {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Of a daemon in the middle of a large sync, on a machine with one core. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private DaemonClient() {}

  /**
   * @param address of its metrics
   * @throws java.net.ConnectException when nobody listens there
   * @throws IOException when who listens there is no kube-ipvs, and says so
   */
  public static DaemonState ask(InetSocketAddress address) throws IOException {
    HttpURLConnection connection = open(address);
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException(
            "HTTP status " + connection.getResponseCode() + " for " + DaemonPage.PATH);
      }
      try (InputStream in = new GZIPInputStream(connection.getInputStream())) {
        return SnapshotJson.read(DaemonState.class, in);
      }
    } finally {
      connection.disconnect();
    }
  }

  private static HttpURLConnection open(InetSocketAddress address) throws IOException {
    try {
      URI uri =
          new URI(
              "http",
              null,
              address.getAddress().getHostAddress(),
              address.getPort(),
              DaemonPage.PATH,
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
