package io.kubeipvs.proxy.model;

import java.util.Comparator;

/** Namespace and name of an EndpointSlice. */
public record SliceName(String namespace, String name) implements Comparable<SliceName> {
  private static final Comparator<SliceName> ORDER =
      Comparator.comparing(SliceName::namespace).thenComparing(SliceName::name);

  @Override
  public int compareTo(SliceName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
