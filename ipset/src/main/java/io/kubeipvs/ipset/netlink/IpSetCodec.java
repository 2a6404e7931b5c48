package io.kubeipvs.ipset.netlink;

import static io.kubeipvs.ipset.netlink.IpSetNumbers.*;
import static io.kubeipvs.netlink.AttributeWriter.NESTED;
import static io.kubeipvs.netlink.AttributeWriter.NET_BYTEORDER;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.NetlinkFlags;
import io.kubeipvs.netlink.NetlinkRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Requests to {@code ip_set}. The type of a message is {@code NFNL_SUBSYS_IPSET << 8 | command};
 * behind the netlink header come {@code struct nfgenmsg} and the attributes:
 *
 * <pre>
 *  0        1         2               4
 *  +--------+---------+---------------+----------+---------+------------------------------------
 *  | family | version | resource id   | PROTOCOL | SETNAME | what the command has
 *  | 2      | 0       | 0 (be)        | u8       | string  |
 *  +--------+---------+---------------+----------+---------+------------------------------------
 *   create:        TYPENAME string, REVISION u8, FAMILY u8, DATA { HASHSIZE u32be, MAXELEM u32be }
 *                  or, of bitmap:port, DATA { PORT u16be, PORT_TO u16be }
 *   add, delete:   LINENO u32be, ADT { DATA { entry }, DATA { entry }, ... }
 *   swap, rename:  SETNAME2 string
 *   list:          no SETNAME for all sets; FLAGS u32be for headers only
 *   type:          no SETNAME; TYPENAME string, FAMILY u8
 * </pre>
 *
 * The family in front is IPv4 for every request, as the ipset tool has it; the kernel does not look
 * at it. An {@code ADT} is refused without a {@code LINENO} beside it. A number other than 0 in it
 * and in the entries would make the kernel echo the whole message with its error; ours are 0, and
 * an error takes 36 bytes.
 */
final class IpSetCodec {
  /** What {@code ipset create} and kube-proxy ask for; the kernel doubles it as entries come. */
  private static final int HASHSIZE = 1024;

  private final int protocol;

  /**
   * @param protocol version the kernel and we agreed on
   */
  IpSetCodec(int protocol) {
    this.protocol = protocol;
  }

  /** The first request of all; says which version we would like. */
  static NetlinkRequest protocol() {
    return new IpSetCodec(IPSET_PROTOCOL)
        .request(IPSET_CMD_PROTOCOL, 0, out -> {}, () -> "ipset protocol");
  }

  /** Asks for the revisions of a type. */
  NetlinkRequest type(SetType type, AddressFamily family) {
    return request(
        IPSET_CMD_TYPE,
        0,
        out ->
            out.string(IPSET_ATTR_TYPENAME, type.typeName())
                .u8(IPSET_ATTR_FAMILY, family(type, family)),
        () -> "ipset type " + type);
  }

  /** Asks for the headers of all sets, or for everything. */
  NetlinkRequest list(boolean headersOnly) {
    return request(
        IPSET_CMD_LIST,
        0,
        out -> {
          if (headersOnly) {
            out.u32be(IPSET_ATTR_FLAGS | NET_BYTEORDER, IPSET_FLAG_LIST_HEADER);
          }
        },
        () -> headersOnly ? "ipset list -terse" : "ipset list");
  }

  /** Asks for one set and its entries. */
  NetlinkRequest list(SetName name) {
    return request(IPSET_CMD_LIST, 0, out -> name(out, name), () -> "ipset list " + name);
  }

  /**
   * A set with the tool's own defaults. {@code NLM_F_EXCL} makes the kernel refuse a name that
   * exists.
   */
  NetlinkRequest create(SetSpec spec, int revision) {
    return request(
        IPSET_CMD_CREATE,
        NetlinkFlags.CREATE | NetlinkFlags.EXCLUSIVE,
        out -> {
          name(out, spec.name());
          out.string(IPSET_ATTR_TYPENAME, spec.type().typeName())
              .u8(IPSET_ATTR_REVISION, revision)
              .u8(IPSET_ATTR_FAMILY, family(spec.type(), spec.family()))
              .nested(IPSET_ATTR_DATA | NESTED, data -> parameters(data, spec));
        },
        () -> "ipset create " + spec);
  }

  private static void parameters(AttributeWriter data, SetSpec spec) {
    if (spec.type() == SetType.BITMAP_PORT) {
      data.port(IPSET_ATTR_PORT | NET_BYTEORDER, 0)
          .port(IPSET_ATTR_PORT_TO | NET_BYTEORDER, 0xffff);
      return;
    }
    data.u32be(IPSET_ATTR_HASHSIZE | NET_BYTEORDER, HASHSIZE)
        .u32be(IPSET_ATTR_MAXELEM | NET_BYTEORDER, spec.maximumElements());
  }

  /**
   * Many entries of one set. Without {@code NLM_F_EXCL} the kernel takes what is there already (or
   * is gone already) for done, as with {@code -exist}.
   */
  NetlinkRequest add(SetName set, List<SetEntry> entries) {
    return entries(IPSET_CMD_ADD, "add", set, entries);
  }

  /** The opposite of {@link #add}. */
  NetlinkRequest delete(SetName set, List<SetEntry> entries) {
    return entries(IPSET_CMD_DEL, "del", set, entries);
  }

  private NetlinkRequest entries(int command, String verb, SetName set, List<SetEntry> entries) {
    return request(
        command,
        0,
        out -> {
          name(out, set);
          out.u32be(IPSET_ATTR_LINENO | NET_BYTEORDER, 0)
              .nested(IPSET_ATTR_ADT | NESTED, adt -> entries.forEach(entry -> entry(adt, entry)));
        },
        () -> "ipset " + verb + " " + set + " " + text(entries));
  }

  private static void entry(AttributeWriter adt, SetEntry entry) {
    adt.nested(IPSET_ATTR_DATA | NESTED, data -> EntryCodec.encode(data, entry));
  }

  private static String text(List<SetEntry> entries) {
    return entries.size() == 1 ? entries.get(0).toString() : "(" + entries.size() + " entries)";
  }

  /**
   * A command that is about whole sets and has no parameters but names. Newer kernels take the
   * destruction of a missing set for done unless {@code NLM_F_EXCL} is there; others ignore it.
   */
  NetlinkRequest whole(SetCommand command) {
    if (command instanceof SetCommand.Swap swap) {
      return names(IPSET_CMD_SWAP, command, swap.other());
    }
    if (command instanceof SetCommand.Rename rename) {
      return names(IPSET_CMD_RENAME, command, rename.newName());
    }
    boolean flush = command instanceof SetCommand.Flush;
    return request(
        flush ? IPSET_CMD_FLUSH : IPSET_CMD_DESTROY,
        flush ? 0 : NetlinkFlags.EXCLUSIVE,
        out -> name(out, command.set()),
        () -> "ipset " + command);
  }

  private NetlinkRequest names(int number, SetCommand command, SetName second) {
    return request(
        number,
        0,
        out -> {
          name(out, command.set());
          out.string(IPSET_ATTR_SETNAME2, second.value());
        },
        () -> "ipset " + command);
  }

  private static void name(AttributeWriter out, SetName name) {
    out.string(IPSET_ATTR_SETNAME, name.value());
  }

  private static int family(SetType type, AddressFamily family) {
    return type == SetType.BITMAP_PORT ? NFPROTO_UNSPEC : family.number();
  }

  private NetlinkRequest request(
      int command, int flags, Consumer<AttributeWriter> content, Supplier<String> description) {
    AttributeWriter out =
        new AttributeWriter()
            .headerU8(NFPROTO_IPV4)
            .headerU8(0)
            .headerU16be(0)
            .u8(IPSET_ATTR_PROTOCOL, protocol);
    content.accept(out);
    return NetlinkRequest.of(messageType(command), flags, out, description);
  }

  static int messageType(int command) {
    return NFNL_SUBSYS_IPSET << 8 | command;
  }
}
