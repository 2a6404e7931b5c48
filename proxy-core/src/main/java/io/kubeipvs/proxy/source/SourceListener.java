package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.List;

public interface SourceListener {
  void service(Service service);

  void serviceDeleted(ServiceName name);

  void slice(EndpointSlice slice);

  void sliceDeleted(SliceName name);

  void node(NodeInfo node);

  void listed();

  void problems(List<Problem> all);
}
