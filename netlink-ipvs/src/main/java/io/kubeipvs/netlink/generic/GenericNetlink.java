package io.kubeipvs.netlink.generic;

import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkRequest;
import io.kubeipvs.netlink.NetlinkTrace;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * A connection to one generic netlink family.
 *
 * <pre>
 *  0            1            2                         4
 *  +------------+------------+-------------------------+--------------------------------
 *  | command    | version    | reserved                | family header and attributes
 *  +------------+------------+-------------------------+--------------------------------
 * </pre>
 *
 * The type of the netlink message is the family's number ({@code struct genlmsghdr}, {@code
 * linux/genetlink.h}).
 */
public final class GenericNetlink implements AutoCloseable {
  /** {@code GENL_HDRLEN}. */
  public static final int HEADER_LENGTH = 4;

  private final NetlinkConnection connection;
  private final GenericFamily family;

  private GenericNetlink(NetlinkConnection connection, GenericFamily family) {
    this.connection = connection;
    this.family = family;
  }

  /**
   * Connects to the family of that name. Nothing is loaded for it.
   *
   * @param module the kernel module that registers it, for the error
   * @throws UnknownFamilyException when the kernel has none of that name
   */
  public static GenericNetlink open(String family, String module, NetlinkTrace trace)
      throws IOException {
    NetlinkConnection connection = NetlinkConnection.open(NetlinkConnection.GENERIC, trace);
    try {
      return new GenericNetlink(connection, find(connection, family, module));
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static GenericFamily find(NetlinkConnection connection, String name, String module)
      throws IOException {
    try {
      List<NetlinkMessage> answers = connection.request(GenericFamily.question(name));
      if (answers.isEmpty()) {
        throw new MalformedMessageException("no answer to GETFAMILY " + name);
      }
      return GenericFamily.decode(answers.get(0));
    } catch (NetlinkException e) {
      if (e.is(Errno.ENOENT)) {
        throw new UnknownFamilyException(name, module);
      }
      throw e;
    }
  }

  /** A message that begins with the generic header. */
  public static AttributeWriter message(int command, int version) {
    return new AttributeWriter().headerU8(command).headerU8(version).headerU16(0);
  }

  public GenericFamily family() {
    return family;
  }

  public NetlinkConnection connection() {
    return connection;
  }

  /** A request to the family, of what {@link #message} began. */
  public NetlinkRequest request(int flags, AttributeWriter body, Supplier<String> description) {
    return NetlinkRequest.of(family.id(), flags, body, description);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
