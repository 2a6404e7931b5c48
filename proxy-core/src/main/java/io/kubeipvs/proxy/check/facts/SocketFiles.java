package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that listen, from {@code /proc/net}.
 *
 * <pre>
 *  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *   0: 0100007F:2809 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17021
 * </pre>
 *
 * Addresses are words of 32 bits, each as the machine has them in memory: little-endian here.
 */
final class SocketFiles {
  private static final String LISTEN = "0A";

  /** UDP sockets that are not connected are in TCP's state "closed". */
  private static final String UNCONNECTED = "07";

  private static final int WORD_DIGITS = 8;

  private final Path directory;

  SocketFiles(Path root) {
    this.directory = root.resolve("proc/net");
  }

  List<NodeSocket> read(Map<Long, Long> owners) {
    List<NodeSocket> sockets = new ArrayList<>();
    for (String suffix : List.of("", "6")) {
      read("tcp" + suffix, Protocol.TCP, LISTEN, owners, sockets);
      read("udp" + suffix, Protocol.UDP, UNCONNECTED, owners, sockets);
    }
    return sockets;
  }

  private void read(
      String file,
      Protocol protocol,
      String state,
      Map<Long, Long> owners,
      List<NodeSocket> sockets) {
    List<String> lines;
    try {
      lines = Files.readAllLines(directory.resolve(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return; // a kernel without IPv6
    }
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > 9 && words[3].equals(state)) {
        sockets.add(socket(protocol, words[1], owners.get(Long.valueOf(words[9]))));
      }
    }
  }

  private static NodeSocket socket(Protocol protocol, String local, @Nullable Long owner) {
    int colon = local.indexOf(':');
    return new NodeSocket(
        protocol,
        address(local.substring(0, colon)),
        Integer.parseInt(local.substring(colon + 1), 16),
        owner == null ? OptionalLong.empty() : OptionalLong.of(owner));
  }

  static IpAddress address(String digits) {
    if (digits.length() == WORD_DIGITS) {
      return new IpAddress(AddressFamily.IPV4, 0, word(digits, 0));
    }
    return new IpAddress(
        AddressFamily.IPV6,
        word(digits, 0) << 32 | word(digits, 1),
        word(digits, 2) << 32 | word(digits, 3));
  }

  private static long word(String digits, int index) {
    int start = index * WORD_DIGITS;
    int bits = Integer.parseUnsignedInt(digits, start, start + WORD_DIGITS, 16);
    return Integer.toUnsignedLong(Integer.reverseBytes(bits));
  }
}
