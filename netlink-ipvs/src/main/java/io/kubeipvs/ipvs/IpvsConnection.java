package io.kubeipvs.ipvs;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A connection, or a template of persistence (state {@code NONE} or {@code ASSURED}, client port
 * 0), as {@code /proc/net/ip_vs_conn} shows it:
 *
 * <pre>
 * Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
 * TCP 0A000002 C350 0A60000A 0050 0AF40005 1F90 ESTABLISHED     899
 * </pre>
 *
 * @param protocolName as shown: a protocol without a name here is {@code IP}
 * @param state in the protocol's words, as {@code ip_vs_proto_*.c} has them
 * @param expiresSeconds unless it is used before
 * @param engine the persistence engine's name and data, empty for most
 */
public record IpvsConnection(
    String protocolName,
    IpAddress client,
    int clientPort,
    IpAddress virtual,
    int virtualPort,
    IpAddress server,
    int serverPort,
    String state,
    long expiresSeconds,
    Optional<Engine> engine) {

  /** What a persistence engine keeps of a connection. */
  public record Engine(String name, String data) {}

  private static final int COLUMNS = 9;

  /** The protocol, where it is one that IPVS balances. */
  public Optional<Protocol> protocol() {
    return switch (protocolName) {
      case "TCP" -> Optional.of(Protocol.TCP);
      case "UDP" -> Optional.of(Protocol.UDP);
      case "SCTP" -> Optional.of(Protocol.SCTP);
      default -> Optional.empty();
    };
  }

  /**
   * Reads to the end.
   *
   * @throws IOException also for a line that is none of those above
   */
  public static List<IpvsConnection> read(BufferedReader in) throws IOException {
    List<IpvsConnection> connections = new ArrayList<>();
    in.readLine(); // names of the columns
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      connections.add(parse(line));
    }
    return connections;
  }

  private static IpvsConnection parse(String line) throws IOException {
    String[] words = line.strip().split("\\s+", -1);
    if (words.length < COLUMNS) {
      throw new IOException("ip_vs_conn: too few columns: " + line);
    }
    try {
      return new IpvsConnection(
          words[0],
          address(words[1]),
          Integer.parseInt(words[2], 16),
          address(words[3]),
          Integer.parseInt(words[4], 16),
          address(words[5]),
          Integer.parseInt(words[6], 16),
          words[7],
          seconds(words[8]),
          words.length > COLUMNS + 1
              ? Optional.of(new Engine(words[COLUMNS], words[COLUMNS + 1]))
              : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new IOException("ip_vs_conn: " + e.getMessage() + " in: " + line, e);
    }
  }

  /** Of a timer that is just due some kernels show what is left as a negative, unsigned. */
  private static long seconds(String text) {
    return text.startsWith("-") ? 0 : Math.max(0, Long.parseUnsignedLong(text));
  }

  /** Eight hexadecimal digits, or an IPv6 address in full. */
  private static IpAddress address(String text) {
    if (text.indexOf(':') >= 0) {
      return IpAddress.of(text);
    }
    int bits = Integer.parseUnsignedInt(text, 16);
    return IpAddress.ofBytes(
        new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
  }
}
