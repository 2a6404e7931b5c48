package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.SourceListener;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Keeps the way to the API server open. A proxy may reach it through the very VIP it serves: would
 * it take away the last backend there, it could never learn of the next. So the Service {@code
 * default/kubernetes} and its last usable endpoints stay until others come, whatever says that they
 * are gone. (An API server that stops takes its own endpoint out first.)
 *
 * <p>Called by one thread at a time; the source sees to it.
 */
final class ApiBackendGuard implements SourceListener {
  static final ServiceName API = new ServiceName("default", "kubernetes");

  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.source");

  private final SourceListener listener;

  /** Slices of that Service as they were told. */
  private final Map<SliceName, EndpointSlice> told = new HashMap<>();

  /** What was not told; empty for one that is gone. */
  private final Map<SliceName, Optional<EndpointSlice>> heldBack = new LinkedHashMap<>();

  ApiBackendGuard(SourceListener listener) {
    this.listener = listener;
  }

  @Override
  public void service(Service service) {
    listener.service(service);
  }

  @Override
  public void serviceDeleted(ServiceName name) {
    if (name.equals(API)) {
      LOG.warn("Service {} is said to be gone; it stays, or this proxy may be cut off", API);
    } else {
      listener.serviceDeleted(name);
    }
  }

  @Override
  public void slice(EndpointSlice slice) {
    if (slice.service().equals(API)) {
      changed(slice.name(), Optional.of(slice));
    } else {
      listener.slice(slice);
    }
  }

  @Override
  public void sliceDeleted(SliceName name) {
    if (told.containsKey(name)) {
      changed(name, Optional.empty());
    } else {
      listener.sliceDeleted(name);
    }
  }

  private void changed(SliceName name, Optional<EndpointSlice> slice) {
    heldBack.put(name, slice);
    Map<SliceName, EndpointSlice> next = new HashMap<>(told);
    heldBack.forEach((held, now) -> replace(next, held, now));
    if (isServed(told) && !isServed(next)) {
      LOG.warn(
          "the last endpoints of Service {} are said to be gone; they stay until others come", API);
      return;
    }
    // What is new first: there is never a moment without any.
    heldBack.forEach((held, now) -> now.ifPresent(listener::slice));
    heldBack.forEach((held, now) -> tellDeleted(held, now.isEmpty()));
    heldBack.clear();
    told.clear();
    told.putAll(next);
  }

  private void tellDeleted(SliceName name, boolean deleted) {
    if (deleted) {
      listener.sliceDeleted(name);
    }
  }

  private static void replace(
      Map<SliceName, EndpointSlice> slices, SliceName name, Optional<EndpointSlice> slice) {
    if (slice.isPresent()) {
      slices.put(name, slice.get());
    } else {
      slices.remove(name);
    }
  }

  private static boolean isServed(Map<SliceName, EndpointSlice> slices) {
    return slices.values().stream()
        .flatMap(slice -> slice.endpoints().stream())
        .anyMatch(Endpoint::isUsable);
  }

  @Override
  public void node(NodeInfo node) {
    listener.node(node);
  }

  @Override
  public void listed() {
    listener.listed();
  }

  @Override
  public void problems(List<Problem> all) {
    listener.problems(all);
  }
}
