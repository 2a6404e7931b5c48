package io.kubeipvs.e2e.bench;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.source.ManifestSource;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.SourceListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears of changes of the directory as the daemon does. */
final class SourceProbe implements SourceListener, AutoCloseable {
  private final ManifestFiles manifests;
  private final ManifestSource source;

  /** When a slice was told of. */
  private final BlockingQueue<Long> told = new LinkedBlockingQueue<>();

  private SourceProbe(ManifestFiles manifests) {
    this.manifests = manifests;
    this.source = new ManifestSource(Path.of(manifests.directory()), this);
  }

  static SourceProbe start(ManifestFiles manifests) throws IOException, InterruptedException {
    SourceProbe probe = new SourceProbe(manifests);
    probe.source.start();
    for (int i = 0; i < manifests.services(); i++) {
      probe.next();
    }
    return probe;
  }

  /** Seconds from the file's new name to the telling. */
  double change(int service) throws IOException, InterruptedException {
    long start = System.nanoTime();
    manifests.publish(service);
    return (next() - start) / 1e9;
  }

  private long next() throws IOException, InterruptedException {
    Long time = told.poll(60, TimeUnit.SECONDS);
    if (time == null) {
      throw new IOException("a change was never told");
    }
    return time;
  }

  @Override
  public void slice(EndpointSlice slice) {
    told.add(System.nanoTime());
  }

  @Override
  public void service(Service service) {}

  @Override
  public void serviceDeleted(ServiceName name) {}

  @Override
  public void sliceDeleted(SliceName name) {}

  @Override
  public void node(NodeInfo node) {}

  @Override
  public void listed() {}

  @Override
  public void problems(List<Problem> all) {}

  @Override
  public void close() {
    source.close();
  }
}
