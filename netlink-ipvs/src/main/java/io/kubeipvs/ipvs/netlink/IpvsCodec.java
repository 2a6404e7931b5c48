package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.SyncDaemon;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.generic.GenericNetlink;
import java.util.function.Consumer;

/**
 * The messages of IPVS.
 *
 * <pre>
 *  0            4                                4
 *  +------------+--------------------------------+-----------------------------+
 *  | genlmsghdr | IPVS_CMD_ATTR_SERVICE (nested) | IPVS_CMD_ATTR_DEST (nested) |
 *  +------------+--------------------------------+-----------------------------+
 * </pre>
 *
 * A request about a real server names its service by key in the first. What a dump answers carries
 * one of them; timeouts and information stand at the top level.
 */
final class IpvsCodec {
  // linux/ip_vs.h
  static final String IPVS_GENL_NAME = "IPVS";
  private static final int IPVS_GENL_VERSION = 1;

  private static final int IPVS_CMD_NEW_SERVICE = 1;
  private static final int IPVS_CMD_SET_SERVICE = 2;
  private static final int IPVS_CMD_DEL_SERVICE = 3;
  private static final int IPVS_CMD_GET_SERVICE = 4;
  private static final int IPVS_CMD_NEW_DEST = 5;
  private static final int IPVS_CMD_SET_DEST = 6;
  private static final int IPVS_CMD_DEL_DEST = 7;
  private static final int IPVS_CMD_GET_DEST = 8;
  private static final int IPVS_CMD_NEW_DAEMON = 9;
  private static final int IPVS_CMD_DEL_DAEMON = 10;
  private static final int IPVS_CMD_GET_DAEMON = 11;
  private static final int IPVS_CMD_SET_CONFIG = 12;
  private static final int IPVS_CMD_GET_CONFIG = 13;
  private static final int IPVS_CMD_GET_INFO = 15;
  private static final int IPVS_CMD_ZERO = 16;
  private static final int IPVS_CMD_FLUSH = 17;

  private static final int IPVS_CMD_ATTR_SERVICE = 1;
  private static final int IPVS_CMD_ATTR_DEST = 2;
  private static final int IPVS_CMD_ATTR_DAEMON = 3;
  private static final int IPVS_CMD_ATTR_TIMEOUT_TCP = 4;
  private static final int IPVS_CMD_ATTR_TIMEOUT_TCP_FIN = 5;
  private static final int IPVS_CMD_ATTR_TIMEOUT_UDP = 6;

  private static final int IPVS_INFO_ATTR_VERSION = 1;
  private static final int IPVS_INFO_ATTR_CONN_TAB_SIZE = 2;

  private IpvsCodec() {}

  static AttributeWriter encode(IpvsCommand command) {
    if (command instanceof IpvsCommand.AddServer add) {
      return server(IPVS_CMD_NEW_DEST, add.key(), add.server());
    }
    if (command instanceof IpvsCommand.UpdateServer update) {
      return server(IPVS_CMD_SET_DEST, update.key(), update.server());
    }
    if (command instanceof IpvsCommand.DeleteServer delete) {
      return key(IPVS_CMD_DEL_DEST, delete.key())
          .nested(nested(IPVS_CMD_ATTR_DEST), out -> ServerCodec.encodeKey(delete.server(), out));
    }
    if (command instanceof IpvsCommand.AddService add) {
      return service(IPVS_CMD_NEW_SERVICE, add.service());
    }
    if (command instanceof IpvsCommand.UpdateService update) {
      return service(IPVS_CMD_SET_SERVICE, update.service());
    }
    return key(IPVS_CMD_DEL_SERVICE, command.key());
  }

  private static AttributeWriter server(int command, ServiceKey key, RealServer server) {
    return key(command, key)
        .nested(nested(IPVS_CMD_ATTR_DEST), out -> ServerCodec.encode(server, out));
  }

  private static AttributeWriter service(int command, VirtualService service) {
    return message(command)
        .nested(nested(IPVS_CMD_ATTR_SERVICE), out -> ServiceCodec.encode(service, out));
  }

  private static AttributeWriter key(int command, ServiceKey key) {
    return message(command)
        .nested(nested(IPVS_CMD_ATTR_SERVICE), out -> ServiceCodec.encodeKey(key, out));
  }

  private static AttributeWriter message(int command) {
    return GenericNetlink.message(command, IPVS_GENL_VERSION);
  }

  private static int nested(int type) {
    return type | AttributeWriter.NESTED;
  }

  static AttributeWriter getInfo() {
    return message(IPVS_CMD_GET_INFO);
  }

  /** Dumped: all of them. */
  static AttributeWriter getServices() {
    return message(IPVS_CMD_GET_SERVICE);
  }

  static AttributeWriter getService(ServiceKey key) {
    return key(IPVS_CMD_GET_SERVICE, key);
  }

  static AttributeWriter getServers(ServiceKey key) {
    return key(IPVS_CMD_GET_DEST, key);
  }

  static AttributeWriter flush() {
    return message(IPVS_CMD_FLUSH);
  }

  /** Without a service: all counters. */
  static AttributeWriter zero() {
    return message(IPVS_CMD_ZERO);
  }

  static AttributeWriter zero(ServiceKey key) {
    return key(IPVS_CMD_ZERO, key);
  }

  static AttributeWriter getTimeouts() {
    return message(IPVS_CMD_GET_CONFIG);
  }

  static AttributeWriter setTimeouts(IpvsTimeouts timeouts) {
    return message(IPVS_CMD_SET_CONFIG)
        .u32(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcpSeconds())
        .u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFinSeconds())
        .u32(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udpSeconds());
  }

  static AttributeWriter getDaemons() {
    return message(IPVS_CMD_GET_DAEMON);
  }

  static AttributeWriter startDaemon(SyncDaemon daemon) {
    return daemon(IPVS_CMD_NEW_DAEMON, out -> DaemonCodec.encode(daemon, out));
  }

  static AttributeWriter stopDaemon(SyncDaemon.State state) {
    return daemon(IPVS_CMD_DEL_DAEMON, out -> DaemonCodec.encodeState(state, out));
  }

  private static AttributeWriter daemon(int command, Consumer<AttributeWriter> content) {
    return message(command).nested(nested(IPVS_CMD_ATTR_DAEMON), content);
  }

  static ObservedService decodeService(NetlinkMessage message) throws MalformedMessageException {
    return ServiceCodec.decode(inside(message, IPVS_CMD_ATTR_SERVICE));
  }

  /** A server of a service of that family. */
  static ObservedServer decodeServer(AddressFamily family, NetlinkMessage message)
      throws MalformedMessageException {
    return ServerCodec.decode(family, inside(message, IPVS_CMD_ATTR_DEST));
  }

  static SyncDaemon decodeDaemon(NetlinkMessage message) throws MalformedMessageException {
    return DaemonCodec.decode(inside(message, IPVS_CMD_ATTR_DAEMON));
  }

  private static AttributeReader inside(NetlinkMessage message, int type)
      throws MalformedMessageException {
    AttributeReader attributes = message.attributes(GenericNetlink.HEADER_LENGTH);
    while (attributes.next()) {
      if (attributes.type() == type) {
        return attributes.nested();
      }
    }
    throw new MalformedMessageException("IPVS message without attribute " + type);
  }

  static IpvsInfo decodeInfo(NetlinkMessage message) throws MalformedMessageException {
    AttributeReader attributes = message.attributes(GenericNetlink.HEADER_LENGTH);
    int version = 0;
    int size = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case IPVS_INFO_ATTR_VERSION -> version = attributes.u32();
        case IPVS_INFO_ATTR_CONN_TAB_SIZE -> size = attributes.u32();
        default -> {}
      }
    }
    return new IpvsInfo(version, size);
  }

  static IpvsTimeouts decodeTimeouts(NetlinkMessage message) throws MalformedMessageException {
    AttributeReader attributes = message.attributes(GenericNetlink.HEADER_LENGTH);
    int tcp = 0;
    int tcpFin = 0;
    int udp = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case IPVS_CMD_ATTR_TIMEOUT_TCP -> tcp = attributes.u32();
        case IPVS_CMD_ATTR_TIMEOUT_TCP_FIN -> tcpFin = attributes.u32();
        case IPVS_CMD_ATTR_TIMEOUT_UDP -> udp = attributes.u32();
        default -> {}
      }
    }
    return new IpvsTimeouts(tcp, tcpFin, udp);
  }
}
