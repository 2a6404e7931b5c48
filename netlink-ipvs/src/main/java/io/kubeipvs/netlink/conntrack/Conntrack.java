package io.kubeipvs.netlink.conntrack;

import java.io.IOException;
import java.util.Collection;

/** The connection tracker of one network namespace. */
public interface Conntrack extends AutoCloseable {

  /**
   * Deletes the flows that match any of the filters, reading the table at most once a family.
   *
   * @return how many were deleted; one that vanished meanwhile does not count
   */
  int delete(Collection<FlowFilter> filters) throws IOException;

  @Override
  void close() throws IOException;
}
