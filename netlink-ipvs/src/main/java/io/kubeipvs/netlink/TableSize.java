package io.kubeipvs.netlink;

import io.kubeipvs.net.AddressFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How large a table of {@code iptables-legacy} is, which costs no more to ask than one call.
 *
 * @param entries rules, and one or two for each chain
 * @param bytes of the whole table
 */
public record TableSize(int entries, int bytes) {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOL_IP = 0;
  private static final int SOL_IPV6 = 41;

  /** {@code IPT_SO_GET_INFO} and {@code IP6T_SO_GET_INFO}: {@code IPT_BASE_CTL}. */
  private static final int GET_INFO = 64;

  private static final int NAME_LENGTH = 32;

  /**
   * {@code struct ipt_getinfo} ({@code linux/netfilter_ipv4/ip_tables.h}), and the same for IPv6.
   *
   * <pre>
   *  0          32              36                56             76           80     84
   *  +----------+---------------+-----------------+--------------+------------+------+
   *  | name     | valid hooks   | hook entries    | underflows   | entries    | size |
   *  +----------+---------------+-----------------+--------------+------------+------+
   * </pre>
   */
  private static final int LENGTH = 84;

  private static final int ENTRIES = 76;
  private static final int SIZE = 80;

  /** The tables there are of that family; none where nobody has used the legacy tools yet. */
  public static List<String> tables(AddressFamily family) throws IOException {
    Path names =
        Path.of(
            family == AddressFamily.IPV4
                ? "/proc/net/ip_tables_names"
                : "/proc/net/ip6_tables_names");
    return Files.exists(names) ? Files.readAllLines(names) : List.of();
  }

  /**
   * Empty where there is no such table. To be asked for {@link #tables} only: the kernel makes some
   * others when it is asked for them.
   *
   * @param table {@code nat}
   */
  public static Optional<TableSize> read(AddressFamily family, String table) throws IOException {
    byte[] name = table.getBytes(StandardCharsets.US_ASCII);
    if (name.length >= NAME_LENGTH) {
      throw new IllegalArgumentException("not a table's name: " + table);
    }
    ByteBuffer info = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder()).put(name).rewind();
    int[] words = new int[LENGTH / Integer.BYTES];
    info.asIntBuffer().get(words);
    boolean there =
        family == AddressFamily.IPV4
            ? LibcSocket.inetOption(AF_INET, SOL_IP, GET_INFO, words)
            : LibcSocket.inetOption(AF_INET6, SOL_IPV6, GET_INFO, words);
    return there
        ? Optional.of(new TableSize(words[ENTRIES / Integer.BYTES], words[SIZE / Integer.BYTES]))
        : Optional.empty();
  }
}
