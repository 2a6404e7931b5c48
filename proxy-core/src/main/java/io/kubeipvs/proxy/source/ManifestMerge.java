package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Files made into one, in the order they are added; used once. */
final class ManifestMerge {
  private final SortedMap<ServiceName, Service> services = new TreeMap<>();
  private final SortedMap<SliceName, EndpointSlice> slices = new TreeMap<>();
  private final SortedMap<String, NodeInfo> nodes = new TreeMap<>();
  private final List<Problem> problems;
  private final Map<Object, String> files = new HashMap<>();

  ManifestMerge(Collection<Problem> problems) {
    this.problems = new ArrayList<>(problems);
  }

  void add(Manifest manifest) {
    String file = manifest.file();
    problems.addAll(manifest.problems());
    manifest.services().forEach(each -> put(services, each.name(), each, file, "Service "));
    manifest.slices().forEach(each -> put(slices, each.name(), each, file, "EndpointSlice "));
    manifest.nodes().forEach(each -> put(nodes, each.name(), each, file, "Node "));
  }

  private <K, V> void put(SortedMap<K, V> objects, K name, V object, String file, String kind) {
    if (objects.putIfAbsent(name, object) == null) {
      files.put(name, file);
    } else {
      String message = "is in " + files.get(name) + " already; that one counts";
      problems.add(new Problem(file, kind + name, "", message));
    }
  }

  Manifests result() {
    return new Manifests(services, slices, nodes, problems);
  }
}
