package io.kubeipvs.ipvs;

/**
 * A real server as a dump shows it.
 *
 * @param activeConnections established ones, unsigned
 * @param inactiveConnections all others, those in TIME_WAIT included, unsigned
 * @param persistentConnections persistence templates, unsigned
 */
public record ObservedServer(
    RealServer server,
    int activeConnections,
    int inactiveConnections,
    int persistentConnections,
    Statistics statistics) {

  /** No connection is left that a removal would break. Templates are no connections. */
  public boolean isIdle() {
    return activeConnections == 0 && inactiveConnections == 0;
  }
}
