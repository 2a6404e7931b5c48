package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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

  static final Manifests NONE =
      new Manifests(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of());

  public Manifests {
    services = Collections.unmodifiableSortedMap(services);
    slices = Collections.unmodifiableSortedMap(slices);
    nodes = Collections.unmodifiableSortedMap(nodes);
    problems = problems.stream().distinct().sorted().toList();
  }

  /** An object that is there twice is that of the file whose name comes first. */
  static Manifests of(Collection<Manifest> files, Collection<Problem> otherProblems) {
    ManifestMerge merge = new ManifestMerge(otherProblems);
    files.stream().sorted((a, b) -> a.file().compareTo(b.file())).forEach(merge::add);
    return merge.result();
  }
}
