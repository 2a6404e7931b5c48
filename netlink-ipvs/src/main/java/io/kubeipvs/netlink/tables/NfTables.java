package io.kubeipvs.netlink.tables;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What can be asked of nf_tables in one network namespace without reading its rules ({@code
 * linux/netfilter/nf_tables.h}). Rules of {@code iptables-legacy} are none of its business.
 *
 * <p>Not for more than one thread at a time.
 */
public final class NfTables implements AutoCloseable {
  private static final int SUBSYSTEM = 10 << 8; // NFNL_SUBSYS_NFTABLES
  private static final int NFT_MSG_GETTABLE = SUBSYSTEM | 1;
  private static final int NFT_MSG_GETRULE = SUBSYSTEM | 7;
  private static final int NFT_MSG_GETGEN = SUBSYSTEM | 16;
  private static final int NFTA_TABLE_NAME = 1;
  private static final int NFTA_RULE_TABLE = 1;
  private static final int NFTA_RULE_CHAIN = 2;
  private static final int NFTA_GEN_ID = 1;
  private static final int NFPROTO_IPV4 = 2;
  private static final int NFPROTO_IPV6 = 10;

  /** {@code struct nfgenmsg}: family, version, resource. */
  private static final int HEADER_LENGTH = 4;

  private final NetlinkConnection connection;

  private NfTables(NetlinkConnection connection) {
    this.connection = connection;
  }

  /** Empty where the kernel has no nf_tables and cannot load it. */
  public static Optional<NfTables> open(NetlinkTrace trace) throws IOException {
    NetlinkConnection connection;
    try {
      connection = NetlinkConnection.open(NetlinkConnection.NETFILTER, trace);
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EPROTONOSUPPORT)) {
        return Optional.empty();
      }
      throw e;
    }
    NfTables opened = new NfTables(connection);
    try {
      if (opened.generation().isPresent()) {
        return Optional.of(opened);
      }
    } catch (NetlinkException e) {
      // EINVAL for a subsystem that is not there
      connection.close();
      return Optional.empty();
    }
    connection.close();
    return Optional.empty();
  }

  /**
   * A number that every change of any table makes another, whoever makes it; empty where the answer
   * has none.
   */
  public OptionalLong generation() throws IOException {
    NetlinkRequest request =
        NetlinkRequest.of(NFT_MSG_GETGEN, 0, header(0), () -> "generation of nf_tables");
    for (NetlinkMessage answer : connection.request(request)) {
      AttributeReader attributes = answer.attributes(HEADER_LENGTH);
      while (attributes.next()) {
        if (attributes.type() == NFTA_GEN_ID) {
          return OptionalLong.of(Integer.toUnsignedLong(attributes.u32be()));
        }
      }
    }
    return OptionalLong.empty();
  }

  /** Family and name of each table, as {@code nft list tables} writes them: {@code ip6 mine}. */
  public List<String> tables() throws IOException {
    NetlinkRequest request =
        NetlinkRequest.of(NFT_MSG_GETTABLE, 0, header(0), () -> "tables of nf_tables");
    List<String> tables = new ArrayList<>();
    for (NetlinkMessage message : connection.dump(request)) {
      tables.add(familyName(message.u8(0)) + " " + tableName(message));
    }
    return tables;
  }

  /**
   * Whether a rule of that chain leads to that other one. Costs as much as the chain has rules.
   * False where there is no such chain.
   *
   * @param table {@code nat}
   */
  public boolean leads(AddressFamily family, String table, String chain, String target)
      throws IOException {
    AttributeWriter body =
        header(family == AddressFamily.IPV4 ? NFPROTO_IPV4 : NFPROTO_IPV6)
            .string(NFTA_RULE_TABLE, table)
            .string(NFTA_RULE_CHAIN, chain);
    NetlinkRequest request =
        NetlinkRequest.of(
            NFT_MSG_GETRULE, 0, body, () -> "rules of %s, %s".formatted(table, chain));
    byte[] verdict = (target + "\0").getBytes(StandardCharsets.US_ASCII);
    try {
      return connection.dump(request).stream().anyMatch(rule -> holds(rule.body(), verdict));
    } catch (NetlinkException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** The name of a chain stands in the rule's expressions; no need to know their structure. */
  private static boolean holds(ByteBuffer message, byte[] bytes) {
    for (int start = message.position(); start + bytes.length <= message.limit(); start++) {
      int length = 0;
      while (length < bytes.length && message.get(start + length) == bytes[length]) {
        length++;
      }
      if (length == bytes.length) {
        return true;
      }
    }
    return false;
  }

  private static AttributeWriter header(int family) {
    return new AttributeWriter().headerU8(family).headerU8(0).headerU16be(0);
  }

  private static String tableName(NetlinkMessage message) throws MalformedMessageException {
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      if (attributes.type() == NFTA_TABLE_NAME) {
        return attributes.string();
      }
    }
    throw new MalformedMessageException("a table of nf_tables without a name");
  }

  /** {@code NFPROTO_...} of {@code linux/netfilter.h}, in the words of nft. */
  private static String familyName(int number) {
    return switch (number) {
      case 1 -> "inet";
      case NFPROTO_IPV4 -> "ip";
      case 3 -> "arp";
      case 5 -> "netdev";
      case 7 -> "bridge";
      case NFPROTO_IPV6 -> "ip6";
      default -> "family " + number;
    };
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
