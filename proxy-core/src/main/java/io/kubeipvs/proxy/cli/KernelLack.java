package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipset.SetErrno;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.SystemCallException;
import io.kubeipvs.netlink.generic.UnknownFamilyException;
import java.io.IOException;
import java.util.Set;

/**
 * Which errors say that the kernel does not have what was asked for. All others (no memory, no
 * descriptors, no permission, no answer) say nothing about that.
 */
final class KernelLack {
  /** Of {@code socket}: no such protocol, and no module that would bring it. */
  private static final Set<Errno> NO_PROTOCOL = Set.of(Errno.EPROTONOSUPPORT, Errno.EAFNOSUPPORT);

  /**
   * Of nfnetlink. {@code EINVAL} is its answer for a subsystem that is neither there nor to be
   * loaded ({@code nfnetlink_rcv_msg}); the first question to the sets has nothing else in it that
   * could be invalid.
   */
  private static final Set<Errno> NO_SETS =
      Set.of(Errno.EINVAL, Errno.EPROTONOSUPPORT, Errno.EOPNOTSUPP, SetErrno.PROTOCOL);

  private KernelLack() {}

  static boolean ofIpvs(IOException error) {
    return error instanceof UnknownFamilyException || ofProtocol(error);
  }

  static boolean ofSets(IOException error) {
    return (error instanceof NetlinkException refusal && NO_SETS.contains(refusal.errno()))
        || ofProtocol(error);
  }

  static boolean ofSetType(IOException error) {
    return error instanceof NetlinkException refusal && refusal.is(SetErrno.FIND_TYPE);
  }

  private static boolean ofProtocol(IOException error) {
    return error instanceof SystemCallException call && NO_PROTOCOL.contains(call.errno());
  }
}
