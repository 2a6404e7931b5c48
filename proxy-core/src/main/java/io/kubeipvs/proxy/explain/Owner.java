package io.kubeipvs.proxy.explain;

import java.util.List;

/**
 * Whose a destination is.
 *
 * @param service {@code default/web:http}; empty where that is not known
 * @param kind {@code cluster IP}, {@code node port} ...
 * @param why what says so
 * @param remarks policies, affinity, conflicts: what else decides about it
 */
public record Owner(String service, String kind, String why, List<String> remarks) {
  public Owner {
    remarks = List.copyOf(remarks);
  }
}
