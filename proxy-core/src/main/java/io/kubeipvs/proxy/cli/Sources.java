package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.source.ManifestSource;
import io.kubeipvs.proxy.source.Source;
import io.kubeipvs.proxy.source.kubernetes.AccessException;
import io.kubeipvs.proxy.source.kubernetes.ApiAccess;
import io.kubeipvs.proxy.source.kubernetes.ApiMonitor;
import io.kubeipvs.proxy.source.kubernetes.KubernetesSource;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** A directory of manifests where one is named, else the Kubernetes API. */
final class Sources {
  private Sources() {}

  /**
   * What makes the source once there is something to tell.
   *
   * @throws StartupException when it is wrong already
   */
  static Function<ChangeTracker, Source> choose(ProxyOptions options, String node)
      throws StartupException {
    Path manifests = options.manifests;
    return manifests == null ? api(options, node) : directory(manifests);
  }

  private static Function<ChangeTracker, Source> directory(Path manifests) throws StartupException {
    if (!Files.isDirectory(manifests)) {
      throw new StartupException("--manifests: " + manifests + " is not a directory");
    }
    return tracker -> new ManifestSource(manifests, tracker);
  }

  private static Function<ChangeTracker, Source> api(ProxyOptions options, String node)
      throws StartupException {
    try {
      ApiAccess access = ApiAccess.choose(options.kubeconfig, options.master, System.getenv());
      return tracker -> KubernetesSource.open(access, node, tracker, ApiMonitor.NONE);
    } catch (AccessException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }
}
