package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import java.util.List;

/**
 * What one file holds.
 *
 * @param readable whether it was YAML to its end. Of a file that was not nothing is used, since
 *     nobody knows what the rest would have said.
 */
public record Manifest(
    String file,
    boolean readable,
    List<Service> services,
    List<EndpointSlice> slices,
    List<NodeInfo> nodes,
    List<Problem> problems) {

  public Manifest {
    services = List.copyOf(services);
    slices = List.copyOf(slices);
    nodes = List.copyOf(nodes);
    problems = List.copyOf(problems);
  }

  static Manifest unreadable(String file, String message) {
    return new Manifest(
        file, false, List.of(), List.of(), List.of(), List.of(new Problem(file, "", "", message)));
  }

  /** These objects, those problems. */
  Manifest withProblems(List<Problem> otherProblems) {
    return new Manifest(file, readable, services, slices, nodes, otherProblems);
  }
}
