package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** The connection tracker of one network namespace. */
public interface Conntrack extends AutoCloseable {

  /** The flows of that family and protocol, in no order. */
  List<Flow> flows(AddressFamily family, Protocol protocol) throws IOException;

  /**
   * Deletes the flows that match any of the filters, reading the table at most once a family.
   *
   * @return how many were deleted; one that vanished meanwhile does not count
   */
  int delete(Collection<FlowFilter> filters) throws IOException;

  @Override
  void close() throws IOException;
}
