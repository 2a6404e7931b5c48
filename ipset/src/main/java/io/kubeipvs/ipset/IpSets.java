package io.kubeipvs.ipset;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The IP sets of one network namespace.
 *
 * <p>Methods throw {@link io.kubeipvs.netlink.NetlinkException} where the kernel said no, and other
 * {@link IOException}s where its answer cannot be read or a system call failed.
 */
public interface IpSets extends AutoCloseable {

  /** The headers of all sets, ours and others'. Costs no dump of entries. */
  List<SetHeader> headers() throws IOException;

  /** All sets with their entries, in the kernel's order. */
  List<ObservedSet> list() throws IOException;

  /** One set with its entries; empty when there is none of that name. */
  Optional<ObservedSet> list(SetName name) throws IOException;

  /**
   * Carries the commands out in order; neighbouring additions to (or deletions from) one set share
   * messages. A refused one does not stop those behind it.
   *
   * @return the refused ones, in order
   */
  List<SetFailure> execute(List<? extends SetCommand> commands) throws IOException;

  /**
   * Asks whether such a set can be made, and makes nothing. Fakes can make all.
   *
   * @throws io.kubeipvs.netlink.NetlinkException where the kernel neither has the type nor can load
   *     it
   */
  default void requireType(SetSpec spec) throws IOException {}

  @Override
  void close() throws IOException;
}
