package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All files seen as one. A file that changes costs what is in it, however many others there are.
 */
final class ManifestIndex {
  private final ObjectIndex<ServiceName, Service> services =
      new ObjectIndex<>("Service", Service::name);
  private final ObjectIndex<SliceName, EndpointSlice> slices =
      new ObjectIndex<>("EndpointSlice", EndpointSlice::name);
  private final ObjectIndex<String, NodeInfo> nodes = new ObjectIndex<>("Node", NodeInfo::name);

  /** By file; those without problems are not in it. */
  private final Map<String, List<Problem>> problems = new TreeMap<>();

  private List<Problem> toldProblems = List.of();

  /** Puts a file's new contents in the place of the former; null where there is none. */
  void replace(@Nullable Manifest former, @Nullable Manifest manifest) {
    if (former != null) {
      services.removeAll(former.file(), former.services());
      slices.removeAll(former.file(), former.slices());
      nodes.removeAll(former.file(), former.nodes());
      problems.remove(former.file());
    }
    if (manifest != null) {
      services.addAll(manifest.file(), manifest.services());
      slices.addAll(manifest.file(), manifest.slices());
      nodes.addAll(manifest.file(), manifest.nodes());
      if (!manifest.problems().isEmpty()) {
        problems.put(manifest.file(), manifest.problems());
      }
    }
  }

  /**
   * Tells what changed since the last time: nodes first, since everything depends on them; then
   * Services, and their slices.
   */
  void tell(SourceListener listener, List<Problem> otherProblems) {
    nodes.tellChanged(listener::node);
    services.tellChanged(listener::service);
    slices.tellChanged(listener::slice);
    slices.tellDeleted(listener::sliceDeleted);
    services.tellDeleted(listener::serviceDeleted);
    nodes.settle();
    services.settle();
    slices.settle();
    List<Problem> now = problems(otherProblems);
    if (!now.equals(toldProblems)) {
      toldProblems = now;
      listener.problems(now);
    }
  }

  /** Sorted, each once. */
  private List<Problem> problems(List<Problem> otherProblems) {
    List<Problem> all = new ArrayList<>(otherProblems);
    problems.values().forEach(all::addAll);
    services.addProblems(all);
    slices.addProblems(all);
    nodes.addProblems(all);
    return all.stream().distinct().sorted().toList();
  }

  Manifests all(List<Problem> otherProblems) {
    return new Manifests(services.all(), slices.all(), nodes.all(), problems(otherProblems));
  }
}
