package io.kubeipvs.proxy.source;

import java.util.Map;
import java.util.function.Consumer;

/** Tells a listener what is different. */
final class ManifestChanges {
  private ManifestChanges() {}

  /** Nodes first, since everything depends on them; then Services, and their slices. */
  static void tell(SourceListener listener, Manifests before, Manifests now) {
    changed(before.nodes(), now.nodes(), listener::node);
    changed(before.services(), now.services(), listener::service);
    changed(before.slices(), now.slices(), listener::slice);
    deleted(before.slices(), now.slices(), listener::sliceDeleted);
    deleted(before.services(), now.services(), listener::serviceDeleted);
    if (!now.problems().equals(before.problems())) {
      listener.problems(now.problems());
    }
  }

  private static <K, V> void changed(Map<K, V> before, Map<K, V> now, Consumer<V> told) {
    now.forEach(
        (name, object) -> {
          V old = before.get(name);
          if (old != object && !object.equals(old)) {
            told.accept(object);
          }
        });
  }

  private static <K, V> void deleted(Map<K, V> before, Map<K, V> now, Consumer<K> told) {
    before.keySet().stream().filter(name -> !now.containsKey(name)).forEach(told);
  }
}
