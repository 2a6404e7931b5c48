package io.kubeipvs.ipvs;

import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the options of a command line say of the real server, taken in their order. */
final class IpvsadmServerFields {
  private static final int WRONG = 2;
  private static final int PORTS = 0xffff;

  /** In the tool's order. */
  private static final List<String> TUNNEL_OPTIONS =
      List.of("tun-port", "tun-nocsum", "tun-csum", "tun-remcsum");

  private final NetworkNames names;
  private Optional<IpvsadmAddress> address = Optional.empty();
  private ForwardingMethod method = ForwardingMethod.DIRECT_ROUTE;
  private int weight = 1;
  private int upperThreshold;
  private int lowerThreshold;
  private String tunnelType = "ipip";
  private int tunnelPort;
  private int tunnelFlags;

  IpvsadmServerFields(NetworkNames names) {
    this.names = names;
  }

  /**
   * Whether the option is one of a server's.
   *
   * @param protocol of the service, where it was given before
   */
  boolean take(IpvsadmOption option, String argument, Optional<Protocol> protocol)
      throws IpvsadmUsageException {
    switch (option.name()) {
      case "real-server" -> address = Optional.of(address(argument, protocol));
      case "forwarding-method" -> method = method(option.longName());
      case "weight" -> weight = number(argument, 0, Integer.MAX_VALUE, "weight");
      case "u-threshold" -> upperThreshold = number(argument, 0, Integer.MAX_VALUE, "u_threshold");
      case "l-threshold" -> lowerThreshold = number(argument, 0, Integer.MAX_VALUE, "l_threshold");
      case "tun-type" -> tunnelType = tunnelType(argument);
      case "tun-port" -> tunnelPort = number(argument, 1, PORTS, "tunnel port");
      case "tun-csum" -> tunnelFlags |= Tunnel.CHECKSUM;
      case "tun-remcsum" -> tunnelFlags |= Tunnel.REMOTE_CHECKSUM;
      default -> {
        return option.name().equals("tun-nocsum");
      }
    }
    return true;
  }

  private static int number(String text, int minimum, int maximum, String what)
      throws IpvsadmUsageException {
    return IpvsadmNumbers.require(text, minimum, maximum, "illegal " + what + " specified");
  }

  private IpvsadmAddress address(String argument, Optional<Protocol> protocol)
      throws IpvsadmUsageException {
    return IpvsadmAddress.parse(argument, protocol, names)
        .orElseThrow(() -> wrong("illegal real server address[:port] specified"));
  }

  private static ForwardingMethod method(String option) {
    return switch (option) {
      case "masquerading" -> ForwardingMethod.MASQUERADE;
      case "ipip" -> ForwardingMethod.TUNNEL;
      default -> ForwardingMethod.DIRECT_ROUTE;
    };
  }

  private static String tunnelType(String argument) throws IpvsadmUsageException {
    if (!Set.of("ipip", "gue", "gre").contains(argument)) {
      throw wrong("illegal tunnel type specified");
    }
    return argument;
  }

  /** The server of {@code -d}: its port is the service's unless it has one. */
  ServerKey key(ServiceKey service) {
    IpvsadmAddress server = address.orElseThrow();
    return new ServerKey(server.address(), server.port().orElse(port(service)));
  }

  private static int port(ServiceKey service) {
    return service instanceof ServiceKey.Address whole ? whole.port() : 0;
  }

  /**
   * The server of {@code -a} and {@code -e}.
   *
   * @param given names of all options
   */
  RealServer server(ServiceKey service, Set<String> given) throws IpvsadmUsageException {
    ServerKey key = key(service);
    if (service instanceof ServiceKey.Address && !method.equals(ForwardingMethod.MASQUERADE)) {
      key = new ServerKey(key.address(), port(service)); // packets go there as they are
    }
    boolean tunnelled = method.equals(ForwardingMethod.TUNNEL);
    if (key.address().family() != service.family() && !tunnelled) {
      throw wrong("Different address family is allowed only for tunneling servers");
    }
    if (!tunnelled && given.stream().anyMatch(name -> isOfTunnels(name))) {
      throw wrong("Tunnel options conflict with forward method");
    }
    checkTunnelOptions(given);
    return new RealServer(key, method, weight, upperThreshold, lowerThreshold, tunnel());
  }

  private static boolean isOfTunnels(String name) {
    return name.equals("tun-type") || TUNNEL_OPTIONS.contains(name);
  }

  private void checkTunnelOptions(Set<String> given) throws IpvsadmUsageException {
    Optional<String> checksum = Optional.empty();
    for (String name : TUNNEL_OPTIONS) {
      boolean isPort = name.equals("tun-port");
      if (!given.contains(name)) {
        if (isPort && tunnelType.equals("gue")) {
          throw ofTunnel("You need to supply the '%s' option for the '%s' tunnel type", name);
        }
        continue;
      }
      if (!mayHave(name)) {
        throw ofTunnel("Illegal '%s' option with the '%s' tunnel type", name);
      }
      if (!isPort && checksum.isPresent()) {
        throw wrong(
            "The option '%s' conflicts with the '%s' option in the '%s' tunnel type"
                .formatted(name, checksum.get(), tunnelType));
      }
      checksum = isPort ? checksum : Optional.of(name);
    }
  }

  private boolean mayHave(String name) {
    return switch (tunnelType) {
      case "gue" -> true;
      case "gre" -> !name.equals("tun-port") && !name.equals("tun-remcsum");
      default -> false;
    };
  }

  private IpvsadmUsageException ofTunnel(String format, String name) {
    return wrong(format.formatted(name, tunnelType));
  }

  private Tunnel tunnel() {
    int type =
        switch (tunnelType) {
          case "gue" -> Tunnel.GUE;
          case "gre" -> Tunnel.GRE;
          default -> Tunnel.IPIP;
        };
    return new Tunnel(type, tunnelPort, tunnelFlags);
  }

  private static IpvsadmUsageException wrong(String message) {
    return new IpvsadmUsageException(message, WRONG);
  }
}
