package io.kubeipvs.ipvs;

import java.io.PrintStream;
import java.util.List;

/** The text of {@code ipvsadm -L -c}. */
final class IpvsadmConnections {
  private final boolean withEngines;
  private final IpvsadmNaming naming;

  /**
   * @param withEngines what persistence engines keep, too ({@code --persistent-conn})
   */
  IpvsadmConnections(boolean withEngines, IpvsadmNaming naming) {
    this.withEngines = withEngines;
    this.naming = naming;
  }

  void print(List<IpvsConnection> connections, PrintStream out) {
    out.print("IPVS connection entries\n");
    out.print(heading());
    for (IpvsConnection connection : connections) {
      out.print(line(connection));
    }
  }

  private String heading() {
    return withEngines
        ? "pro expire %-11s %-18s %-18s %-18s %-16s %s\n"
            .formatted("state", "source", "virtual", "destination", "pe name", "pe_data")
        : "pro expire %-11s %-18s %-18s %s\n"
            .formatted("state", "source", "virtual", "destination");
  }

  private String line(IpvsConnection connection) {
    String expires =
        "%02d:%02d".formatted(connection.expiresSeconds() / 60, connection.expiresSeconds() % 60);
    String client = naming.end(connection.client(), connection.clientPort(), connection);
    String virtual = naming.end(connection.virtual(), connection.virtualPort(), connection);
    String server = naming.end(connection.server(), connection.serverPort(), connection);
    if (withEngines && connection.engine().isPresent()) {
      return "%-3s %-6s %-11s %-18s %-18s %-16s %-18s %s\n"
          .formatted(
              connection.protocolName(),
              expires,
              connection.state(),
              client,
              virtual,
              server,
              connection.engine().get().name(),
              connection.engine().get().data());
    }
    return "%-3s %-6s %-11s %-18s %-18s %s\n"
        .formatted(connection.protocolName(), expires, connection.state(), client, virtual, server);
  }
}
