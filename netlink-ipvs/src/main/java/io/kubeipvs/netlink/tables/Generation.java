package io.kubeipvs.netlink.tables;

import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.SystemCallException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The generation of nf_tables in one network namespace: a number that every change of any table
 * makes another, whoever makes it ({@code linux/netfilter/nf_tables.h}). Rules of {@code
 * iptables-legacy} are none of its business.
 */
public final class Generation implements AutoCloseable {
  private static final int SUBSYSTEM = 10 << 8; // NFNL_SUBSYS_NFTABLES
  private static final int NFT_MSG_GETGEN = SUBSYSTEM | 16;
  private static final int NFTA_GEN_ID = 1;

  /** {@code struct nfgenmsg}: family, version, resource. */
  private static final int HEADER_LENGTH = 4;

  private final NetlinkConnection connection;

  private Generation(NetlinkConnection connection) {
    this.connection = connection;
  }

  /** Empty where the kernel has no nf_tables and cannot load it. */
  public static Optional<Generation> open(NetlinkTrace trace) throws IOException {
    NetlinkConnection connection;
    try {
      connection = NetlinkConnection.open(NetlinkConnection.NETFILTER, trace);
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EPROTONOSUPPORT)) {
        return Optional.empty();
      }
      throw e;
    }
    Generation opened = new Generation(connection);
    try {
      if (opened.read().isPresent()) {
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

  /** The number now; empty where the answer has none. */
  public OptionalLong read() throws IOException {
    AttributeWriter header = new AttributeWriter().headerU32(0);
    NetlinkRequest request =
        NetlinkRequest.of(NFT_MSG_GETGEN, 0, header, () -> "generation of nf_tables");
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

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
