package io.kubeipvs.ipset.netlink;

import io.kubeipvs.ipset.SetErrno;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.netlink.NetlinkConnection;
import io.kubeipvs.netlink.NetlinkException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which revision of a type to create: the highest that the kernel has and we know. Asked once per
 * type; the question makes the kernel load the type's module.
 */
final class TypeRevisions {
  private final NetlinkConnection connection;
  private final IpSetCodec codec;
  private final Map<SetType, Integer> known = new EnumMap<>(SetType.class);

  TypeRevisions(NetlinkConnection connection, IpSetCodec codec) {
    this.connection = connection;
    this.codec = codec;
  }

  /**
   * @throws NetlinkException {@code IPSET_ERR_FIND_TYPE} where there is none
   */
  int revision(SetSpec spec) throws IOException {
    Integer answer = known.get(spec.type());
    if (answer == null) {
      answer = ask(spec);
      known.put(spec.type(), answer);
    }
    return answer;
  }

  private int ask(SetSpec spec) throws IOException {
    IpSetAnswers.Range kernel = askKernel(spec);
    IpSetAnswers.Range ours = new IpSetAnswers.Range(0, highest(spec.type()));
    if (!kernel.overlaps(ours)) {
      throw refused(spec, "the kernel has revisions " + kernel + ", we know " + ours);
    }
    return kernel.highestWith(ours);
  }

  private IpSetAnswers.Range askKernel(SetSpec spec) throws IOException {
    try {
      return IpSetAnswers.revisions(connection.request(codec.type(spec.type(), spec.family())));
    } catch (NetlinkException e) {
      if (!e.is(SetErrno.FIND_TYPE)) {
        throw e;
      }
      throw refused(spec, "the kernel lacks the set type: module " + module(spec.type()));
    }
  }

  private static NetlinkException refused(SetSpec spec, String words) {
    return new NetlinkException("ipset create " + spec, SetErrno.FIND_TYPE, words);
  }

  /**
   * {@code IPSET_TYPE_REV_MAX} of {@code net/netfilter/ipset/ip_set_*.c} in 6.12. They brought
   * counters, comments, bucket sizes and masks, none of which we use: entries look the same in all.
   */
  private static int highest(SetType type) {
    return switch (type) {
      case HASH_IP -> 6;
      case HASH_IP_PORT -> 7;
      case HASH_IP_PORT_IP -> 6;
      case HASH_IP_PORT_NET -> 8;
      case BITMAP_PORT -> 3;
    };
  }

  private static String module(SetType type) {
    return switch (type) {
      case HASH_IP -> "ip_set_hash_ip";
      case HASH_IP_PORT -> "ip_set_hash_ipport";
      case HASH_IP_PORT_IP -> "ip_set_hash_ipportip";
      case HASH_IP_PORT_NET -> "ip_set_hash_ipportnet";
      case BITMAP_PORT -> "ip_set_bitmap_port";
    };
  }
}
