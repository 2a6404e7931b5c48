package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.source.Mapped;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.SourceListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was told of one kind: the names of the objects, and what was wrong with some. */
final class ObjectLedger<K, T> {
  private final Resource<K, T> resource;
  private final SourceListener listener;
  private final Set<K> known = new HashSet<>();
  private final Map<K, List<Problem>> problems = new HashMap<>();
  private boolean problemsChanged;

  ObjectLedger(Resource<K, T> resource, SourceListener listener) {
    this.resource = resource;
    this.listener = listener;
  }

  /** An object as it is now. Its key; nothing when it has no name. */
  Optional<K> put(Object tree) {
    Optional<K> key = resource.keyOf(tree);
    key.ifPresent(k -> put(k, mapped(k, tree)));
    return key;
  }

  private Mapped<T> mapped(K key, Object tree) {
    try {
      return resource.mapping().apply(tree);
    } catch (RuntimeException e) {
      // A defect of ours that one object brings out must not stop the others.
      String object = resource.plural() + " " + key;
      String message = "cannot be read, which is a defect of kube-ipvs: " + e;
      return new Mapped<>(Optional.empty(), List.of(new Problem("", object, "", message)));
    }
  }

  private void put(K key, Mapped<T> mapped) {
    note(key, mapped.problems());
    if (mapped.object().isPresent()) {
      known.add(key);
      resource.tell().accept(listener, mapped.object().get());
    } else if (known.remove(key)) {
      resource.tellDeleted().accept(listener, key);
    }
  }

  void delete(K key) {
    note(key, List.of());
    if (known.remove(key)) {
      resource.tellDeleted().accept(listener, key);
    }
  }

  private void note(K key, List<Problem> now) {
    List<Problem> former = now.isEmpty() ? problems.remove(key) : problems.put(key, now);
    problemsChanged |= !now.equals(former == null ? List.of() : former);
  }

  /** Those that were told and are not in a list. */
  Set<K> missing(Set<K> listed) {
    Set<K> missing = new HashSet<>();
    for (K key : known) {
      if (!listed.contains(key)) {
        missing.add(key);
      }
    }
    return missing;
  }

  /** Problems of objects that were refused altogether, and are gone. */
  void forgetProblemsBut(Set<K> listed) {
    problemsChanged |= problems.keySet().removeIf(k -> !listed.contains(k) && !known.contains(k));
  }

  boolean knows(K key) {
    return known.contains(key);
  }

  int size() {
    return known.size();
  }

  /** All problems there are, if these have changed since this was last asked. */
  Optional<List<Problem>> changedProblems() {
    if (!problemsChanged) {
      return Optional.empty();
    }
    problemsChanged = false;
    return Optional.of(problems.values().stream().flatMap(List::stream).toList());
  }
}
