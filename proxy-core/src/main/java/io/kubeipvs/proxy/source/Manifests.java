package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * What a directory holds, seen as one.
 *
 * @param problems sorted, each once
 */
public record Manifests(
    SortedMap<ServiceName, Service> services,
    SortedMap<SliceName, EndpointSlice> slices,
    SortedMap<String, NodeInfo> nodes,
    List<Problem> problems) {

  public Manifests {
    services = Collections.unmodifiableSortedMap(services);
    slices = Collections.unmodifiableSortedMap(slices);
    nodes = Collections.unmodifiableSortedMap(nodes);
    problems = List.copyOf(problems);
  }
}
