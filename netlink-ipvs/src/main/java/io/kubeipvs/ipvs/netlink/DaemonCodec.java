package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.SyncDaemon;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import java.util.Optional;

/**
 * The attributes inside {@code IPVS_CMD_ATTR_DAEMON}. Unlike all other ports of IPVS, MCAST_PORT is
 * in native order. What is 0 is left out: the kernel then takes its default.
 */
final class DaemonCodec {
  // linux/ip_vs.h
  private static final int IPVS_DAEMON_ATTR_STATE = 1;
  private static final int IPVS_DAEMON_ATTR_MCAST_IFN = 2;
  private static final int IPVS_DAEMON_ATTR_SYNC_ID = 3;
  private static final int IPVS_DAEMON_ATTR_SYNC_MAXLEN = 4;
  private static final int IPVS_DAEMON_ATTR_MCAST_GROUP = 5;
  private static final int IPVS_DAEMON_ATTR_MCAST_GROUP6 = 6;
  private static final int IPVS_DAEMON_ATTR_MCAST_PORT = 7;
  private static final int IPVS_DAEMON_ATTR_MCAST_TTL = 8;

  private DaemonCodec() {}

  static void encode(SyncDaemon daemon, AttributeWriter out) {
    out.u32(IPVS_DAEMON_ATTR_STATE, daemon.state().number())
        .string(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.multicastInterface())
        .u32(IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncId());
    if (daemon.maximumLength() != 0) {
      out.u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.maximumLength());
    }
    if (daemon.port() != 0) {
      out.u16(IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port());
    }
    if (daemon.timeToLive() != 0) {
      out.u8(IPVS_DAEMON_ATTR_MCAST_TTL, daemon.timeToLive());
    }
    daemon.group().ifPresent(group -> out.address(groupType(group), group));
  }

  private static int groupType(IpAddress group) {
    return group.family() == AddressFamily.IPV4
        ? IPVS_DAEMON_ATTR_MCAST_GROUP
        : IPVS_DAEMON_ATTR_MCAST_GROUP6;
  }

  /** What stops a daemon; the kernel looks at the state only. */
  static void encodeState(SyncDaemon.State state, AttributeWriter out) {
    out.u32(IPVS_DAEMON_ATTR_STATE, state.number());
  }

  static SyncDaemon decode(AttributeReader in) throws MalformedMessageException {
    int state = 0;
    String name = "";
    int syncId = 0;
    int maximumLength = 0;
    Optional<IpAddress> group = Optional.empty();
    int port = 0;
    int timeToLive = 0;
    while (in.next()) {
      switch (in.type()) {
        case IPVS_DAEMON_ATTR_STATE -> state = in.u32();
        case IPVS_DAEMON_ATTR_MCAST_IFN -> name = in.string();
        case IPVS_DAEMON_ATTR_SYNC_ID -> syncId = in.u32();
        case IPVS_DAEMON_ATTR_SYNC_MAXLEN -> maximumLength = in.u16();
        case IPVS_DAEMON_ATTR_MCAST_GROUP, IPVS_DAEMON_ATTR_MCAST_GROUP6 ->
            group = Optional.of(in.address());
        case IPVS_DAEMON_ATTR_MCAST_PORT -> port = in.u16();
        case IPVS_DAEMON_ATTR_MCAST_TTL -> timeToLive = in.u8();
        default -> {}
      }
    }
    return new SyncDaemon(state(state), name, syncId, maximumLength, group, port, timeToLive);
  }

  private static SyncDaemon.State state(int number) throws MalformedMessageException {
    for (SyncDaemon.State state : SyncDaemon.State.values()) {
      if (state.number() == number) {
        return state;
      }
    }
    throw new MalformedMessageException("sync daemon of state " + number);
  }
}
