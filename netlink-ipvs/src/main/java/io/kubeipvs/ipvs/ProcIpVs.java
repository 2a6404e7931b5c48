package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The servers of all services as {@code /proc/net/ip_vs} shows them: one read instead of one dump a
 * service.
 *
 * <pre>
 * TCP  0A60000A:0050 rr  persistent 36000 FFFFFFFF
 *   -> 0A010001:1F90      Masq    1      0          0
 * UDP  [fd00:0000:0000:0000:0000:0000:0000:0010]:0035 rr
 *   -> [fd01:0000:0000:0000:0000:0000:0000:0001]:0035      Masq    1      0          0
 * FWM  00000007 rr
 * </pre>
 *
 * It tells where to look, not the truth: the kernel hands it out piece by piece, so that a table
 * that changes meanwhile may show an entry twice or not at all; thresholds and tunnels are missing.
 * Services of a firewall mark are left out, because the text does not tell their family.
 *
 * @param services in the text's order, which is the kernel's; servers newest first
 * @param marks services left out
 */
public record ProcIpVs(Map<ServiceKey.Address, List<Server>> services, int marks) {

  /** A line of a server; connections are unsigned. */
  public record Server(
      ServerKey key,
      ForwardingMethod method,
      int weight,
      int activeConnections,
      int inactiveConnections) {

    /** The line of a server that a dump shows. */
    public static Server of(ObservedServer observed) {
      RealServer server = observed.server();
      return new Server(
          server.key(),
          server.method(),
          server.weight(),
          observed.activeConnections(),
          observed.inactiveConnections());
    }
  }

  /** Version and the names of the columns. */
  private static final int HEADING_LINES = 3;

  /**
   * Reads to the end.
   *
   * @throws IOException also for a line that is none of those above
   */
  public static ProcIpVs read(BufferedReader in) throws IOException {
    Map<ServiceKey.Address, List<Server>> services = new LinkedHashMap<>();
    List<Server> servers = new ArrayList<>();
    int marks = 0;
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      if (number <= HEADING_LINES) {
        continue;
      }
      try {
        Line fields = new Line(line);
        if (line.startsWith("  -> ")) {
          servers.add(fields.server());
        } else if (line.startsWith("FWM ")) {
          servers = new ArrayList<>();
          marks++;
        } else {
          servers = new ArrayList<>();
          services.put(fields.service(), servers);
        }
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new IOException("/proc/net/ip_vs, line " + number + ": '" + line + "'", e);
      }
    }
    return new ProcIpVs(services, marks);
  }

  /** Steps through the words of a line; a text of 100,000 of them leaves no time for patterns. */
  private static final class Line {
    private final String text;
    private int position;

    Line(String text) {
      this.text = text;
    }

    ServiceKey.Address service() {
      Protocol protocol = protocol(word());
      ServerKey key = key();
      return new ServiceKey.Address(protocol, key.address(), key.port());
    }

    Server server() {
      position = "  -> ".length();
      return new Server(key(), method(word()), number(), number(), number());
    }

    private String word() {
      while (text.charAt(position) == ' ') {
        position++;
      }
      int end = text.indexOf(' ', position);
      end = end < 0 ? text.length() : end;
      String word = text.substring(position, end);
      position = end;
      return word;
    }

    private int number() {
      String word = word();
      return word.startsWith("-") ? Integer.parseInt(word) : Integer.parseUnsignedInt(word);
    }

    /** {@code 0A010001:1F90} or {@code [fd01:0000:...:0001]:0035}. */
    private ServerKey key() {
      String word = word();
      int colon = word.lastIndexOf(':');
      int port = Integer.parseInt(word, colon + 1, word.length(), 16);
      if (word.charAt(0) != '[') {
        long bits = Integer.parseUnsignedInt(word, 0, colon, 16) & 0xffff_ffffL;
        return new ServerKey(new IpAddress(AddressFamily.IPV4, 0, bits), port);
      }
      return new ServerKey(
          new IpAddress(AddressFamily.IPV6, groups(word, 1), groups(word, 21)), port);
    }

    /** Four groups of four digits, each with what stands behind it. */
    private static long groups(String word, int start) {
      long value = 0;
      for (int i = 0; i < 4; i++) {
        int at = start + 5 * i;
        value = value << 16 | Integer.parseInt(word, at, at + 4, 16);
      }
      return value;
    }

    private static Protocol protocol(String name) {
      return Protocol.ofName(name)
          .orElseGet(() -> new Protocol(Integer.parseInt(name.substring("IP_".length()))));
    }

    private static ForwardingMethod method(String name) {
      return switch (name) {
        case "Masq" -> ForwardingMethod.MASQUERADE;
        case "Local" -> ForwardingMethod.LOCAL;
        case "Tunnel" -> ForwardingMethod.TUNNEL;
        case "Route" -> ForwardingMethod.DIRECT_ROUTE;
        default -> throw new IllegalArgumentException("forwarding method " + name);
      };
    }
  }
}
