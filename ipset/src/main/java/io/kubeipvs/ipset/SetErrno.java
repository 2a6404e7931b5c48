package io.kubeipvs.ipset;

import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import org.jspecify.annotations.Nullable;

/**
 * The error numbers {@code ip_set} adds to the system's ({@code enum ipset_errno}, {@code
 * linux/netfilter/ipset/ip_set.h}). From 4352 on a number means something else for each kind of
 * type.
 */
public final class SetErrno {
  public static final Errno PROTOCOL = new Errno(4097);
  public static final Errno FIND_TYPE = new Errno(4098);
  public static final Errno BUSY = new Errno(4100);
  public static final Errno EXIST_SETNAME2 = new Errno(4101);
  public static final Errno TYPE_MISMATCH = new Errno(4102);
  public static final Errno INVALID_CIDR = new Errno(4104);
  public static final Errno INVALID_FAMILY = new Errno(4106);
  public static final Errno REFERENCED = new Errno(4108);
  public static final Errno IPADDR_IPV4 = new Errno(4109);
  public static final Errno IPADDR_IPV6 = new Errno(4110);

  private static final int TYPE_SPECIFIC = 4352;
  public static final Errno HASH_FULL = new Errno(TYPE_SPECIFIC);
  public static final Errno HASH_ELEM = new Errno(TYPE_SPECIFIC + 1);
  public static final Errno INVALID_PROTO = new Errno(TYPE_SPECIFIC + 2);
  public static final Errno BITMAP_RANGE = new Errno(TYPE_SPECIFIC);

  private SetErrno() {}

  /** The refusal of that command, with the number's name and meaning where it has one. */
  public static NetlinkException refusal(SetCommand command, Errno errno, String kernelMessage) {
    String words = kernelMessage.isEmpty() ? words(command, errno.value()) : kernelMessage;
    return new NetlinkException("ipset " + command, errno, words);
  }

  private static String words(SetCommand command, int number) {
    if (number < TYPE_SPECIFIC) {
      return common(number);
    }
    SetEntry entry = entry(command);
    return entry instanceof SetEntry.Port ? ofBitmaps(number) : ofHashes(number);
  }

  private static @Nullable SetEntry entry(SetCommand command) {
    if (command instanceof SetCommand.Add add) {
      return add.entry();
    }
    return command instanceof SetCommand.Delete delete ? delete.entry() : null;
  }

  private static String common(int number) {
    return switch (number) {
      case 4097 -> "IPSET_ERR_PROTOCOL: not what a set of this type takes";
      case 4098 -> "IPSET_ERR_FIND_TYPE: the kernel lacks the set type or its revision";
      case 4099 -> "IPSET_ERR_MAX_SETS: too many sets";
      case 4100 -> "IPSET_ERR_BUSY: a rule or another set refers to the set";
      case 4101 ->
          "IPSET_ERR_EXIST_SETNAME2: the second set does not exist (swap) or does (rename)";
      case 4102 -> "IPSET_ERR_TYPE_MISMATCH: the sets are of different types";
      case 4103 -> "IPSET_ERR_EXIST: the entry is there already, or not there";
      case 4104 -> "IPSET_ERR_INVALID_CIDR: invalid prefix length";
      case 4105 -> "IPSET_ERR_INVALID_NETMASK: invalid netmask";
      case 4106 -> "IPSET_ERR_INVALID_FAMILY: the type has no such family";
      case 4107 -> "IPSET_ERR_TIMEOUT: the set has no timeouts";
      case 4108 -> "IPSET_ERR_REFERENCED: a rule or another set refers to the set";
      case 4109 -> "IPSET_ERR_IPADDR_IPV4: the set takes IPv4 addresses";
      case 4110 -> "IPSET_ERR_IPADDR_IPV6: the set takes IPv6 addresses";
      case 4111 -> "IPSET_ERR_COUNTER: the set has no counters";
      case 4112 -> "IPSET_ERR_COMMENT: the set has no comments";
      default -> "";
    };
  }

  private static String ofHashes(int number) {
    return switch (number) {
      case 4352 -> "IPSET_ERR_HASH_FULL: the set has maxelem entries";
      case 4353 -> "IPSET_ERR_HASH_ELEM: the set cannot store the null address";
      case 4354 -> "IPSET_ERR_INVALID_PROTO: invalid protocol";
      case 4355 -> "IPSET_ERR_MISSING_PROTO: missing protocol";
      case 4356 -> "IPSET_ERR_HASH_RANGE_UNSUPPORTED: the set takes no ranges";
      case 4357 -> "IPSET_ERR_HASH_RANGE: invalid range";
      default -> "";
    };
  }

  private static String ofBitmaps(int number) {
    return number == TYPE_SPECIFIC ? "IPSET_ERR_BITMAP_RANGE: outside the range of the set" : "";
  }
}
