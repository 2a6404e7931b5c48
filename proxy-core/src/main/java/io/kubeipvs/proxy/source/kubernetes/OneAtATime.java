package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.SourceListener;
import java.util.List;

/** Lets the threads of a source tell one after the other. */
final class OneAtATime implements SourceListener {
  private final SourceListener listener;

  OneAtATime(SourceListener listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void service(Service service) {
    listener.service(service);
  }

  @Override
  public synchronized void serviceDeleted(ServiceName name) {
    listener.serviceDeleted(name);
  }

  @Override
  public synchronized void slice(EndpointSlice slice) {
    listener.slice(slice);
  }

  @Override
  public synchronized void sliceDeleted(SliceName name) {
    listener.sliceDeleted(name);
  }

  @Override
  public synchronized void node(NodeInfo node) {
    listener.node(node);
  }

  @Override
  public synchronized void listed() {
    listener.listed();
  }

  @Override
  public synchronized void problems(List<Problem> all) {
    listener.problems(all);
  }
}
