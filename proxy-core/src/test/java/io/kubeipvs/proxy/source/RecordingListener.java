package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Writes down what it is told, one word and a name each. */
final class RecordingListener implements SourceListener {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  /** The next thing told; a time limit makes a failure of what would hang. */
  String next() throws InterruptedException {
    String next = told.poll(120, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  List<String> all() {
    return List.copyOf(told);
  }

  @Override
  public void service(Service service) {
    told.add("service " + service.name() + " " + service.clusterIps());
  }

  @Override
  public void serviceDeleted(ServiceName name) {
    told.add("no service " + name);
  }

  @Override
  public void slice(EndpointSlice slice) {
    told.add("slice " + slice.name() + " " + slice.endpoints().size());
  }

  @Override
  public void sliceDeleted(SliceName name) {
    told.add("no slice " + name);
  }

  @Override
  public void node(NodeInfo node) {
    told.add("node " + node.name());
  }

  @Override
  public void listed() {
    told.add("listed");
  }

  @Override
  public void problems(List<Problem> all) {
    told.add("problems " + all);
  }
}
