package io.kubeipvs.proxy.state;

/**
 * An object whose change led to a sync.
 *
 * @param kind {@code Service}, {@code EndpointSlice} or {@code Node}
 * @param name with its namespace before it, where it is in one
 * @param resourceVersion empty where the source knows none, and of an object that is gone
 */
public record Cause(String kind, String name, String resourceVersion, boolean deleted) {
  @Override
  public String toString() {
    String version = resourceVersion.isEmpty() ? "" : " at " + resourceVersion;
    return kind + " " + name + (deleted ? " deleted" : version);
  }
}
