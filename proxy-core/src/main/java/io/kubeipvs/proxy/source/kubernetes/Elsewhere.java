package io.kubeipvs.proxy.source.kubernetes;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Which failures say that the kubeconfig may name another server by now, or other certificates. */
final class Elsewhere {
  private Elsewhere() {}

  static boolean isPossible(IOException failure) {
    return failure instanceof SSLException
        || failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException;
  }
}
