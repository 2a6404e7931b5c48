package io.kubeipvs.proxy.inspect;

import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.plan.Portal;

/** Things in a person's words. */
public final class Words {
  private Words() {}

  /** {@code cluster IP}. */
  public static String kind(Portal.Kind kind) {
    return switch (kind) {
      case CLUSTER_IP -> "cluster IP";
      case EXTERNAL_IP -> "external IP";
      case LOAD_BALANCER -> "load balancer IP";
      case NODE_PORT -> "node port";
      case SHARED -> "hairpin and health checks";
    };
  }

  /** {@code pod web-1 on node1}, as far as it is known. */
  public static String endpoint(Endpoint endpoint) {
    String pod = endpoint.pod().isEmpty() ? "endpoint" : "pod " + endpoint.pod();
    return endpoint.nodeName().isEmpty() ? pod : pod + " on " + endpoint.nodeName();
  }

  /** {@code ready}, {@code terminating, still serving}, ... */
  public static String condition(Endpoint endpoint) {
    if (endpoint.ready()) {
      return "ready";
    }
    if (endpoint.terminating()) {
      return endpoint.serving() ? "terminating, still serving" : "terminating";
    }
    return "not ready";
  }

  /** Without anything a terminal or a shell takes for more than text: names come from outside. */
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              boolean harmless = c == ' ' || (Character.isDefined(c) && isVisible(c));
              plain.appendCodePoint(harmless ? c : '?');
            });
    return plain.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
