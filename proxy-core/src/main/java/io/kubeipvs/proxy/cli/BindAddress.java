package io.kubeipvs.proxy.cli;

import io.kubeipvs.net.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Where a server listens.
 *
 * @param address empty for a server that is switched off
 */
record BindAddress(Optional<InetSocketAddress> address) {
  private static final int LAST_PORT = 0xffff;

  /**
   * {@code 0.0.0.0:10256}, {@code [::]:10256}, an address alone, or nothing. As in kube-proxy an
   * unspecified address of either family is all addresses of both.
   *
   * @throws IllegalArgumentException for anything else
   */
  static BindAddress parse(String text, int defaultPort) {
    if (text.isEmpty()) {
      return new BindAddress(Optional.empty());
    }
    Optional<IpAddress> alone = IpAddress.parse(withoutBrackets(text));
    int colon = text.lastIndexOf(':');
    if (alone.isPresent() || colon < 0) {
      return of(alone.orElseThrow(() -> wrong(text)), defaultPort);
    }
    String host = withoutBrackets(text.substring(0, colon));
    IpAddress address = IpAddress.parse(host).orElseThrow(() -> wrong(text));
    return of(address, port(text, text.substring(colon + 1)));
  }

  private static BindAddress of(IpAddress address, int port) {
    try {
      InetAddress parsed = InetAddress.getByAddress(address.toBytes());
      return new BindAddress(Optional.of(new InetSocketAddress(parsed, port)));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String withoutBrackets(String text) {
    return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
  }

  private static int port(String whole, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= LAST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw wrong(whole);
    }
    throw wrong(whole);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not an address like 0.0.0.0:10256 or [::1]:10256");
  }
}
