package io.kubeipvs.proxy.inspect;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads {@code /proc/net/tcp} and its like, which show one socket a line:
 *
 * <pre>
 *   sl  local_address rem_address   st tx_queue ...
 *    0: 0F02000A:1F90 00000000:0000 0A 00000000 ...
 * </pre>
 *
 * An address is in 32-bit numbers of this machine's byte order, a port in hexadecimal. {@code
 * /proc/net/sctp/eps} has its own columns: ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS, numbers
 * in decimal and addresses as people write them.
 */
final class ListeningSockets {
  /** {@code TCP_LISTEN} of {@code net/tcp_states.h}. */
  private static final String TCP_LISTEN = "0A";

  /** A UDP socket without a peer: {@code TCP_CLOSE}. */
  private static final String UNCONNECTED = "07";

  private static final int SCTP_STATE = 3;

  /** {@code TCP_LISTEN} again, in decimal. */
  private static final String SCTP_LISTENS = "10";

  private static final int SCTP_PORT = 5;
  private static final int SCTP_ADDRESSES = 8;

  private ListeningSockets() {}

  static List<Listener> read(Path net) throws IOException {
    SortedSet<Listener> found = new TreeSet<>();
    for (String family : List.of("", "6")) {
      add(net.resolve("tcp" + family), Protocol.TCP, TCP_LISTEN, found);
      add(net.resolve("udp" + family), Protocol.UDP, UNCONNECTED, found);
    }
    addSctp(net.resolve("sctp/eps"), found);
    return List.copyOf(found);
  }

  private static void add(Path file, Protocol protocol, String state, SortedSet<Listener> found)
      throws IOException {
    if (!Files.isReadable(file)) {
      return;
    }
    try (BufferedReader in = Files.newBufferedReader(file)) {
      in.readLine(); // names of the columns
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.strip().split("\\s+", 5);
        if (words.length > 4 && words[3].equals(state)) {
          found.add(listener(protocol, words[1]));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Listener listener(Protocol protocol, String local) {
    int colon = local.indexOf(':');
    String address = local.substring(0, colon);
    ByteBuffer bytes = ByteBuffer.allocate(address.length() / 2).order(ByteOrder.nativeOrder());
    for (int i = 0; i + 8 <= address.length(); i += 8) {
      bytes.putInt(Integer.parseUnsignedInt(address.substring(i, i + 8), 16));
    }
    int port = Integer.parseInt(local.substring(colon + 1), 16);
    return new Listener(protocol, IpAddress.ofBytes(bytes.array()), port);
  }

  private static void addSctp(Path file, SortedSet<Listener> found) throws IOException {
    if (!Files.isReadable(file)) {
      return;
    }
    for (String line : Files.readAllLines(file)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length > SCTP_ADDRESSES
          && words[SCTP_STATE].equals(SCTP_LISTENS)
          && words[SCTP_PORT].matches("[0-9]{1,5}")) {
        int port = Integer.parseInt(words[SCTP_PORT]);
        for (int i = SCTP_ADDRESSES; i < words.length; i++) {
          IpAddress.parse(words[i].replace("*", ""))
              .ifPresent(address -> found.add(new Listener(Protocol.SCTP, address, port)));
        }
      }
    }
  }
}
