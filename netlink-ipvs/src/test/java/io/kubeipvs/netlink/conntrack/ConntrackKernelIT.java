package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkFlags;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.testing.FdLeakCheck;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract on the kernel: as root, in a namespace of its own. The flows are made as {@code
 * conntrack -I} does it, without traffic.
 */
@RequiresKernel("nf_conntrack")
@ExtendWith(FdLeakCheck.class)
final class ConntrackKernelIT implements ConntrackContract {
  private static final int IPCTNL_MSG_CT_NEW = 0x100;
  private static final int IPCTNL_MSG_CT_DELETE = 0x102;
  private static final int CTA_TUPLE_ORIG = 0x8001;
  private static final int CTA_TUPLE_REPLY = 0x8002;
  private static final int CTA_TIMEOUT = 7;
  private static final int CTA_MARK = 8;
  private static final int CTA_ZONE = 18;

  private Conntrack conntrack = new FakeConntrack();

  @BeforeEach
  void open() throws IOException {
    flush();
    conntrack = NetlinkConntrack.open(NetlinkTrace.NONE);
  }

  @AfterEach
  void close() throws IOException {
    conntrack.close();
    flush();
  }

  @Override
  public Conntrack conntrack() {
    return conntrack;
  }

  @Override
  public void track(Flow flow) throws IOException {
    request(IPCTNL_MSG_CT_NEW, NetlinkFlags.CREATE | NetlinkFlags.EXCLUSIVE, body(flow));
  }

  private static AttributeWriter body(Flow flow) {
    AttributeWriter body =
        header(flow.family())
            .nested(CTA_TUPLE_ORIG, tuple -> write(tuple, flow, flow.original()))
            .nested(CTA_TUPLE_REPLY, tuple -> write(tuple, flow, flow.reply()))
            .u32be(CTA_TIMEOUT, 600);
    if (flow.mark() != 0) {
      body.u32be(CTA_MARK, flow.mark());
    }
    return flow.zone() == 0 ? body : body.u16be(CTA_ZONE, flow.zone());
  }

  /** Asks for a flow in a zone that has none: {@code ENOENT}, or the kernel knows no zones. */
  @Override
  public boolean hasZones() throws IOException {
    FlowTuple tuple = new FlowTuple(IpAddress.of("192.0.2.1"), 1, IpAddress.of("192.0.2.2"), 2);
    Flow flow = new Flow(Protocol.UDP, tuple, tuple, 1, 0);
    try {
      request(IPCTNL_MSG_CT_DELETE, 0, body(flow));
    } catch (NetlinkException e) {
      return !e.is(Errno.EOPNOTSUPP);
    }
    return true;
  }

  private static void write(AttributeWriter tuple, Flow flow, FlowTuple direction) {
    boolean v4 = flow.family() == AddressFamily.IPV4;
    tuple
        .nested(
            0x8001,
            ip ->
                ip.address(v4 ? 1 : 3, direction.source())
                    .address(v4 ? 2 : 4, direction.destination()))
        .nested(
            0x8002,
            proto ->
                proto
                    .u8(1, flow.protocol().number())
                    .port(2, direction.sourcePort())
                    .port(3, direction.destinationPort()));
  }

  /** A deletion that names no flow deletes all of the family. */
  private static void flush() throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      request(IPCTNL_MSG_CT_DELETE, 0, header(family));
    }
  }

  private static AttributeWriter header(AddressFamily family) {
    return new AttributeWriter().headerU8(family.number()).headerU8(0).headerU16be(0);
  }

  private static void request(int type, int flags, AttributeWriter body) throws IOException {
    try (NetlinkConnection connection =
        NetlinkConnection.open(NetlinkConnection.NETFILTER, NetlinkTrace.NONE)) {
      connection.request(NetlinkRequest.of(type, flags, body, () -> "conntrack of the test"));
    }
  }
}
