package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.List;

/**
 * Hears of every object that is new, changed or gone. Called by one thread of the source at a time,
 * so an implementation notes what it is told and returns.
 */
public interface SourceListener {
  void service(Service service);

  void serviceDeleted(ServiceName name);

  void slice(EndpointSlice slice);

  void sliceDeleted(SliceName name);

  /** Of any node, this one among them. That one is gone is not told: it would change nothing. */
  void node(NodeInfo node);

  /** Everything there was at the beginning has been told. Called once. */
  void listed();

  /** All problems there are now, sorted; when these have changed. */
  void problems(List<Problem> all);
}
