package io.kubeipvs.e2e.bench;

import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.netlink.NetlinkTrace;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Keeps the datagrams that fill a table, for {@code bench/replay}. */
final class Capture implements NetlinkTrace {
  /** {@code GENL_ID_CTRL}: the question for the family's number, which is not part of the work. */
  private static final int GENL_ID_CTRL = 16;

  private final DataOutputStream out;

  private Capture(DataOutputStream out) {
    this.out = out;
  }

  /** Fills the kernel's table and writes what that took to the file. */
  static void write(String file, int services, int serversEach) throws IOException {
    try (DataOutputStream out = new DataOutputStream(new FileOutputStream(file));
        NetlinkIpvs ipvs = NetlinkIpvs.open(new Capture(out))) {
      ipvs.execute(Workloads.table(services, serversEach));
    }
  }

  @Override
  public void sent(int protocol, ByteBuffer datagram) {
    if (datagram.getShort(4) == GENL_ID_CTRL) {
      return;
    }
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    try {
      out.writeInt(bytes.length);
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void received(int protocol, ByteBuffer datagram) {}
}
