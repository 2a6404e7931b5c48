package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Locale;
import java.util.Optional;

/** Reads questions as people write them. */
public final class Questions {
  private Questions() {}

  /** What cannot be read; the message says what is wrong, and what would be right. */
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }

  /** Finds the address of a pod by {@code NAMESPACE/NAME}. */
  @FunctionalInterface
  public interface Pods {
    Optional<IpAddress> address(String name);
  }

  private record Place(IpAddress address, int port) {}

  /**
   * Reads a pair of words.
   *
   * @param client {@code node}, an address, {@code ADDRESS:PORT}, or {@code NAMESPACE/POD}
   * @param destination {@code ADDRESS:PORT[/PROTOCOL]}
   * @param device where the packet comes in; empty for the one that leads back to the client
   */
  public static Question parse(String client, String destination, String device, Pods pods)
      throws UnreadableException {
    int slash = destination.indexOf('/');
    String place = slash < 0 ? destination : destination.substring(0, slash);
    Protocol protocol = protocol(slash < 0 ? "TCP" : destination.substring(slash + 1));
    Place to = destination(place);
    Optional<Place> from = client(client, pods, to.address().family());
    if (from.isPresent() && from.get().address().family() != to.address().family()) {
      throw new UnreadableException(
          "the client " + client + " and the destination " + place + " are of two families");
    }
    return new Question(
        from.map(Place::address),
        from.map(Place::port).orElse(0),
        device,
        to.address(),
        to.port(),
        protocol);
  }

  private static Protocol protocol(String name) throws UnreadableException {
    return Protocol.ofName(name.toUpperCase(Locale.ROOT))
        .orElseThrow(
            () -> new UnreadableException("protocol '" + name + "': it is tcp, udp or sctp"));
  }

  private static Place destination(String text) throws UnreadableException {
    Optional<IpAddress> bare = IpAddress.parse(text);
    if (bare.isPresent()) {
      throw new UnreadableException(
          "destination '" + text + "' has no port: write " + bare.get().withPort(80));
    }
    return withPort("destination", text);
  }

  private static Optional<Place> client(String text, Pods pods, AddressFamily family)
      throws UnreadableException {
    if (text.equals("node")) {
      return Optional.empty();
    }
    Optional<IpAddress> bare = IpAddress.parse(text);
    if (bare.isPresent()) {
      return Optional.of(new Place(bare.get(), 0));
    }
    if (text.indexOf('/') > 0) {
      return Optional.of(new Place(pod(text, pods, family), 0));
    }
    if (text.indexOf(':') < 0) {
      throw new UnreadableException(
          "client '" + text + "': it is an address, NAMESPACE/POD, or node for this node itself");
    }
    return Optional.of(withPort("client", text));
  }

  private static IpAddress pod(String name, Pods pods, AddressFamily family)
      throws UnreadableException {
    IpAddress address =
        pods.address(name)
            .orElseThrow(
                () ->
                    new UnreadableException(
                        "client '"
                            + name
                            + "': no endpoint is a pod of that name; give its"
                            + " address"));
    if (address.family() != family) {
      throw new UnreadableException(
          "client '" + name + "' is known by " + address + ", which is of the other family");
    }
    return address;
  }

  private static Place withPort(String what, String text) throws UnreadableException {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    Optional<IpAddress> address =
        IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
    boolean six = address.isPresent() && address.get().family() == AddressFamily.IPV6;
    if (colon < 0 || address.isEmpty() || six != bracketed) {
      throw new UnreadableException(
          what + " '" + text + "': write 10.96.0.10:80 or [fd00:96::10]:80");
    }
    return new Place(address.get(), port(what, text.substring(colon + 1)));
  }

  private static int port(String what, String text) throws UnreadableException {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65_535) {
      throw new UnreadableException(what + ": port '" + text + "' is not in 1..65535");
    }
    return port;
  }
}
