package io.kubeipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A datagram as text: for each message one line that a program may read, then the header of its
 * family and its attributes, indented.
 *
 * <pre>
 * > route 24 RTM_NEWROUTE flags REQUEST|ACK|REPLACE|CREATE seq 7 pid 4242 len 52
 *     header 02 20 00 00 ff 6b fe 02 00 00 00 00
 *     attr 1 len 4 0a 60 00 0a
 * < route 2 NLMSG_ERROR flags CAPPED seq 7 pid 4242 len 36
 *     error 17 EEXIST
 * > netfilter 257 subsys 1 cmd 1 flags REQUEST|DUMP seq 8 pid 4242 len 20
 * > generic 28 cmd 1 flags REQUEST seq 9 pid 4242 len 84
 * </pre>
 *
 * The first line is: direction, protocol, type; what the type means; {@code flags} and their names
 * without {@code NLM_F_} joined by bars, or {@code -}; sequence number, port id, length. Never
 * fails: what is malformed is shown as bytes.
 */
final class MessageText {
  private static final String INDENT = "    ";

  private static final List<String> COMMON_FLAGS =
      List.of("REQUEST", "MULTI", "ACK", "ECHO", "DUMP_INTR", "DUMP_FILTERED", "", "");
  private static final List<String> ANSWER_FLAGS = List.of("CAPPED", "ACK_TLVS", "", "");
  private static final List<String> WRITE_FLAGS = List.of("REPLACE", "EXCL", "CREATE", "APPEND");
  private static final List<String> READ_FLAGS = List.of("ROOT", "MATCH", "ATOMIC", "");

  private static final List<String> CONTROL_TYPES =
      List.of("NLMSG_NOOP", "NLMSG_ERROR", "NLMSG_DONE", "NLMSG_OVERRUN");

  /** From type 16 on, four to an object ({@code linux/rtnetlink.h}). */
  private static final List<String> ROUTE_VERBS = List.of("NEW", "DEL", "GET", "SET");

  private static final List<String> ROUTE_OBJECTS =
      List.of("LINK", "ADDR", "ROUTE", "NEIGH", "RULE");
  private static final List<Integer> ROUTE_HEADER_LENGTHS = List.of(16, 8, 12, 12, 12);

  private static final int FIRST_FAMILY_TYPE = 16;
  private static final int SHORT_HEADER_LENGTH = 4; // struct nfgenmsg, struct genlmsghdr

  private MessageText() {}

  /** The lines of all messages in a datagram that was sent ({@code >}) or received ({@code <}). */
  static List<String> lines(String direction, int protocol, ByteBuffer datagram) {
    List<String> lines = new ArrayList<>();
    ByteBuffer buffer = datagram.slice().order(ByteOrder.nativeOrder());
    int start = 0;
    while (start < buffer.limit()) {
      int left = buffer.limit() - start;
      int length = left < NetlinkMessage.HEADER_LENGTH ? 0 : buffer.getInt(start);
      if (length < NetlinkMessage.HEADER_LENGTH || length > left) {
        lines.add(direction + " " + protocol(protocol) + " malformed len " + left);
        lines.addAll(AttributeText.lines(buffer.slice(start, left), INDENT));
        return lines;
      }
      write(direction, protocol, buffer.slice(start, length).order(buffer.order()), lines);
      start += NetlinkMessage.aligned(length);
    }
    return lines;
  }

  private static void write(
      String direction, int protocol, ByteBuffer message, List<String> lines) {
    int type = Short.toUnsignedInt(message.getShort(4));
    int flags = Short.toUnsignedInt(message.getShort(6));
    ByteBuffer body =
        message
            .slice(NetlinkMessage.HEADER_LENGTH, message.limit() - NetlinkMessage.HEADER_LENGTH)
            .order(message.order());
    lines.add(
        "%s %s %d%s flags %s seq %s pid %s len %d"
            .formatted(
                direction,
                protocol(protocol),
                type,
                meaning(protocol, type, body),
                flags(type, flags),
                Integer.toUnsignedString(message.getInt(8)),
                Integer.toUnsignedString(message.getInt(12)),
                message.limit()));
    if (isAnswer(type) && body.limit() >= 4) {
      writeAnswer(type, flags, body, lines);
    } else {
      writeBody(headerLength(protocol, type), body, lines);
    }
  }

  private static void writeBody(int headerLength, ByteBuffer body, List<String> lines) {
    int split = Math.min(headerLength, body.limit());
    byte[] header = new byte[split];
    body.get(0, header);
    AttributeText.hex("header", header, INDENT, lines);
    lines.addAll(AttributeText.lines(body.slice(split, body.limit() - split), INDENT));
  }

  private static void writeAnswer(int type, int flags, ByteBuffer body, List<String> lines) {
    try {
      Answer answer = Answer.of(new NetlinkMessage(type, flags, 0, 0, body));
      String text = answer.kernelMessage().isEmpty() ? "" : " \"" + answer.kernelMessage() + '"';
      lines.add(
          answer.isRefusal()
              ? INDENT + "error " + answer.errno().value() + " " + answer.errno() + text
              : INDENT + "success" + text);
    } catch (MalformedMessageException e) {
      lines.addAll(AttributeText.lines(body, INDENT));
    }
  }

  private static boolean isAnswer(int type) {
    return type == NetlinkFlags.TYPE_ERROR || type == NetlinkFlags.TYPE_DONE;
  }

  private static String protocol(int protocol) {
    return switch (protocol) {
      case NetlinkConnection.ROUTE -> "route";
      case NetlinkConnection.NETFILTER -> "netfilter";
      case NetlinkConnection.GENERIC -> "generic";
      default -> "protocol-" + protocol;
    };
  }

  private static String meaning(int protocol, int type, ByteBuffer body) {
    if (type >= 1 && type <= CONTROL_TYPES.size()) {
      return " " + CONTROL_TYPES.get(type - 1);
    }
    return switch (protocol) {
      case NetlinkConnection.ROUTE -> routeMeaning(type);
      case NetlinkConnection.NETFILTER -> " subsys " + (type >>> 8) + " cmd " + (type & 0xff);
      case NetlinkConnection.GENERIC ->
          body.limit() == 0 ? "" : " cmd " + Byte.toUnsignedInt(body.get(0));
      default -> "";
    };
  }

  private static String routeMeaning(int type) {
    int object = (type - FIRST_FAMILY_TYPE) >> 2;
    return object >= 0 && object < ROUTE_OBJECTS.size()
        ? " RTM_" + ROUTE_VERBS.get(type & 3) + ROUTE_OBJECTS.get(object)
        : "";
  }

  private static int headerLength(int protocol, int type) {
    if (protocol != NetlinkConnection.ROUTE) {
      return type < FIRST_FAMILY_TYPE ? 0 : SHORT_HEADER_LENGTH;
    }
    int object = (type - FIRST_FAMILY_TYPE) >> 2;
    return object >= 0 && object < ROUTE_HEADER_LENGTHS.size()
        ? ROUTE_HEADER_LENGTHS.get(object)
        : 0;
  }

  /**
   * The upper flags mean other things in answers, in requests that read and in those that write.
   */
  private static String flags(int type, int flags) {
    List<String> names = new ArrayList<>();
    addNames(flags & 0xff, COMMON_FLAGS, 0, names);
    boolean reads = (flags & NetlinkFlags.DUMP) == NetlinkFlags.DUMP;
    if (isAnswer(type)) {
      addNames(flags >>> 8, ANSWER_FLAGS, 8, names);
    } else if (reads) {
      names.add("DUMP");
      addNames((flags & ~NetlinkFlags.DUMP) >>> 8, READ_FLAGS, 8, names);
    } else {
      addNames(flags >>> 8, WRITE_FLAGS, 8, names);
    }
    return names.isEmpty() ? "-" : String.join("|", names);
  }

  private static void addNames(int bits, List<String> known, int shift, List<String> names) {
    for (int i = 0; bits >>> i != 0; i++) {
      if ((bits >>> i & 1) != 0) {
        boolean named = i < known.size() && !known.get(i).isEmpty();
        names.add(named ? known.get(i) : "0x" + Integer.toHexString(1 << (i + shift)));
      }
    }
  }
}
