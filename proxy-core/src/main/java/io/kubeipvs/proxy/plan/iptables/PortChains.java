package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.proxy.model.ServicePortName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The names of the chains of one port of a Service. A chain's name is short, a Service's may not
 * be, so kube-proxy hashes it; ours are the same, or its chains could not be taken over.
 */
final class PortChains {
  private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int HASH_LENGTH = 16;

  /** How the names of chains begin that lead to one endpoint. */
  static final String ENDPOINT = "KUBE-SEP-";

  static final String CLUSTER = "KUBE-SVC-";
  static final String LOCAL = "KUBE-SVL-";
  static final String EXTERNAL = "KUBE-EXT-";

  /** How the names of chains begin that let only some sources through. */
  static final String FIREWALL = "KUBE-FW-";

  private final String port;
  private final String hash;

  PortChains(ServicePortName name) {
    this.port = name + name.protocol().lowerCaseName();
    this.hash = hash(port);
  }

  /** To endpoints of the whole cluster. */
  String cluster() {
    return CLUSTER + hash;
  }

  /** To endpoints of this node. */
  String local() {
    return LOCAL + hash;
  }

  /** For what comes by another way than the cluster IP. */
  String external() {
    return EXTERNAL + hash;
  }

  /** Before {@link #external()}, for load balancer IPs that are not open to all. */
  String firewall() {
    return FIREWALL + hash;
  }

  /** To that endpoint; one that serves two ports has a chain for each. */
  String endpoint(ServerKey endpoint) {
    return ENDPOINT + hash(port + endpoint);
  }

  /** The first 16 letters of the SHA-256 in base 32 (RFC 4648), of 5 bits each. */
  static String hash(String text) {
    byte[] digest = sha256(text);
    StringBuilder out = new StringBuilder(HASH_LENGTH);
    for (int bit = 0; bit < HASH_LENGTH * 5; bit += 5) {
      int twoBytes = (digest[bit / 8] & 0xff) << 8 | (digest[bit / 8 + 1] & 0xff);
      out.append(BASE_32.charAt(twoBytes >> (11 - bit % 8) & 31));
    }
    return out.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
