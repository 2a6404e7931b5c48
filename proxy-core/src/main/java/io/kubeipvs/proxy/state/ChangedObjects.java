package io.kubeipvs.proxy.state;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which objects changed since somebody last asked: all of their names, and of the first of them
 * what is worth to be remembered. One that changes again shows its newest version.
 */
final class ChangedObjects {
  /** A first list has 20,000; a person reads a few. */
  static final int REMEMBERED = 64;

  private final Set<ServiceName> services = new HashSet<>();
  private final Set<SliceName> slices = new HashSet<>();
  private final Map<Object, Cause> causes = new LinkedHashMap<>();

  void changed(Service service) {
    services.add(service.name());
    String version = service.resourceVersion();
    remember(service.name(), new Cause("Service", "" + service.name(), version, false));
  }

  void deleted(ServiceName name) {
    services.add(name);
    remember(name, new Cause("Service", "" + name, "", true));
  }

  void changed(EndpointSlice slice) {
    slices.add(slice.name());
    String version = slice.resourceVersion() == 0 ? "" : "" + slice.resourceVersion();
    remember(slice.name(), new Cause("EndpointSlice", "" + slice.name(), version, false));
  }

  void deleted(SliceName name) {
    slices.add(name);
    remember(name, new Cause("EndpointSlice", "" + name, "", true));
  }

  private void remember(Object key, Cause cause) {
    if (causes.size() < REMEMBERED || causes.containsKey(key)) {
      causes.put(key, cause);
    }
  }

  int services() {
    return services.size();
  }

  int slices() {
    return slices.size();
  }

  List<Cause> causes() {
    return List.copyOf(causes.values());
  }

  void clear() {
    services.clear();
    slices.clear();
    causes.clear();
  }
}
