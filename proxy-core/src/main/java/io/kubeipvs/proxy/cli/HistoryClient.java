package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Asks the daemon that runs on this node, at the port of its metrics. */
final class HistoryClient {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final InetSocketAddress address;

  /**
   * @param bound where the daemon listens; for all addresses it is asked at this machine's own
   */
  HistoryClient(InetSocketAddress bound) {
    InetAddress host =
        bound.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : bound.getAddress();
    this.address = new InetSocketAddress(host, bound.getPort());
  }

  String address() {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /**
   * What it says under that path.
   *
   * @throws IOException also when the answer is none of a daemon that knows the path
   */
  JsonValue get(String path) throws IOException {
    URL url = new URL("http://" + address() + path);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException("it answers " + connection.getResponseCode() + " for " + path);
    }
    try (InputStream body = connection.getInputStream()) {
      return JsonValue.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
