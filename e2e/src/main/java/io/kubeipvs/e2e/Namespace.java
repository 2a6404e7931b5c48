package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A named network namespace, with {@code lo} up; what may be done in one. */
final class Namespace {
  private final String name;
  private final Agents agents;

  /** Servers and clients are two processes: neither waits for the other's turn. */
  record Agents(Agent servers, Agent clients) implements AutoCloseable {
    static Agents start() {
      return new Agents(Agent.start(), Agent.start());
    }

    @Override
    public void close() {
      servers.close();
      clients.close();
    }
  }

  private Namespace(String name, Agents agents) {
    this.name = name;
    this.agents = agents;
  }

  static Namespace create(String name, Agents agents) {
    Output.of("ip", "netns", "add", name).orFail();
    Namespace namespace = new Namespace(name, agents);
    for (String scope : List.of("all", "default")) {
      // As CNIs do: answers to what came in masqueraded leave another way than they came.
      namespace.sysctl("net/ipv4/conf/" + scope + "/rp_filter", 0);
      // Duplicate address detection keeps a new address unusable for a second.
      namespace.sysctl("net/ipv6/conf/" + scope + "/accept_dad", 0);
    }
    namespace.ip("link set lo up");
    return namespace;
  }

  void delete() {
    Output.of("ip", "netns", "delete", name).orFail();
  }

  String name() {
    return name;
  }

  /** Runs lines of {@code ip}'s, in one process. */
  void ip(String... lines) {
    List<String> command = List.of("ip", "-n", name, "-batch", "-");
    Output.run(command, String.join("\n", lines) + "\n", Duration.ofMinutes(1)).orFail();
  }

  List<String> command(List<String> command) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
    inside.addAll(command);
    return inside;
  }

  void sysctl(String key, int value) {
    agents.servers.call("sysctl", Map.of("ns", name, "key", key, "value", value));
  }

  void listen(Protocol protocol, IpAddress address, int port, String answer) {
    Map<String, Object> arguments = server(protocol, address, port);
    arguments.put("name", answer);
    agents.servers.call("listen", arguments);
  }

  void stopListening(Protocol protocol, IpAddress address, int port) {
    agents.servers.call("unlisten", server(protocol, address, port));
  }

  void stopAccepting(Protocol protocol, IpAddress address, int port) {
    Map<String, Object> arguments = server(protocol, address, port);
    arguments.put("keep", 1);
    agents.servers.call("unlisten", arguments);
  }

  private Map<String, Object> server(Protocol protocol, IpAddress address, int port) {
    Map<String, Object> arguments = new TreeMap<>();
    arguments.put("ns", name);
    arguments.put("proto", protocol.lowerCaseName());
    arguments.put("addr", address);
    arguments.put("port", port);
    return arguments;
  }

  Load start(Request request, Optional<IpAddress> source) {
    Map<String, Object> arguments = request.arguments();
    arguments.put("ns", name);
    source.ifPresent(address -> arguments.put("source", address));
    return new Load(agents.clients, agents.clients.begin("requests", arguments));
  }

  Answers ping(IpAddress address, int times) {
    return Answers.parse(
        agents.clients.call("ping", Map.of("ns", name, "addr", address, "count", times)));
  }
}
