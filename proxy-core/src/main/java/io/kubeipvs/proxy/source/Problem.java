package io.kubeipvs.proxy.source;

import java.util.Comparator;

/**
 * Something in the manifests that was refused, and was skipped or replaced by what is safe.
 *
 * @param file its name in the directory; empty for a problem of the directory itself
 * @param object {@code Service default/web}; empty when it has to do with no particular one
 * @param field {@code spec.ports[1].port}; empty when it has to do with no particular one
 */
public record Problem(String file, String object, String field, String message)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparing(Problem::object)
          .thenComparing(Problem::field)
          .thenComparing(Problem::message);

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** {@code svc.yaml: Service default/web: spec.ports[1].port: 70000 is not in 1..65535}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String part : new String[] {file, object, field}) {
      if (!part.isEmpty()) {
        text.append(part).append(": ");
      }
    }
    return text.append(message).toString();
  }
}
