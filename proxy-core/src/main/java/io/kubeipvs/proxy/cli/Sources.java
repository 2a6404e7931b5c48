package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.event.EventLog;
import io.kubeipvs.proxy.event.EventSink;
import io.kubeipvs.proxy.metrics.ApiFigures;
import io.kubeipvs.proxy.source.ManifestSource;
import io.kubeipvs.proxy.source.Source;
import io.kubeipvs.proxy.source.kubernetes.AccessException;
import io.kubeipvs.proxy.source.kubernetes.ApiAccess;
import io.kubeipvs.proxy.source.kubernetes.ApiEvents;
import io.kubeipvs.proxy.source.kubernetes.KubernetesSource;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where objects come from and events go: a directory of manifests and the log where a directory is
 * named, else the Kubernetes API.
 *
 * @param source makes the source once there is something to tell
 * @param figures of the API
 */
record Sources(
    Function<ChangeTracker, Source> source, EventSink events, Optional<ApiFigures> figures) {

  /**
   * As the options say.
   *
   * @throws StartupException when they are wrong already
   */
  static Sources choose(ProxyOptions options, String node) throws StartupException {
    Path manifests = options.manifests;
    return manifests == null ? api(options, node) : directory(manifests);
  }

  private static Sources directory(Path manifests) throws StartupException {
    if (!Files.isDirectory(manifests)) {
      throw new StartupException("--manifests: " + manifests + " is not a directory");
    }
    return new Sources(
        tracker -> new ManifestSource(manifests, tracker), new EventLog(), Optional.empty());
  }

  private static Sources api(ProxyOptions options, String node) throws StartupException {
    try {
      ApiAccess access = ApiAccess.choose(options.kubeconfig, options.master, System.getenv());
      ApiFigures figures = new ApiFigures();
      return new Sources(
          tracker -> KubernetesSource.open(access, node, tracker, figures),
          ApiEvents.open(access, node, figures),
          Optional.of(figures));
    } catch (AccessException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }
}
