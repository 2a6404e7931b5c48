package io.kubeipvs.proxy.source;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The objects of one kind in all files. One that is there twice is that of the file whose name
 * comes first. Knows which may have changed since it was last asked.
 */
final class ObjectIndex<K extends Comparable<K>, V> {
  private record Held<V>(String file, V object) {}

  private final String kind;
  private final Function<V, K> name;

  /** By file; within a file in its order. Of most names there is one. */
  private final Map<K, List<Held<V>>> objects = new HashMap<>();

  private final Set<K> contested = new HashSet<>();

  /** What counted when it was last asked, of names that were touched since. */
  private final SortedMap<K, Optional<V>> before = new TreeMap<>();

  ObjectIndex(String kind, Function<V, K> name) {
    this.kind = kind;
    this.name = name;
  }

  void removeAll(String file, Collection<V> leaving) {
    for (V object : leaving) {
      K key = name.apply(object);
      touch(key);
      put(key, objects.getOrDefault(key, List.of()).stream().filter(h -> !h.file.equals(file)));
    }
  }

  void addAll(String file, Collection<V> coming) {
    for (V object : coming) {
      K key = name.apply(object);
      touch(key);
      Stream<Held<V>> others = objects.getOrDefault(key, List.of()).stream();
      Stream<Held<V>> all = Stream.concat(others, Stream.of(new Held<>(file, object)));
      put(key, all.sorted((a, b) -> a.file.compareTo(b.file)));
    }
  }

  private void touch(K key) {
    before.putIfAbsent(key, winner(key));
  }

  private void put(K key, Stream<Held<V>> held) {
    List<Held<V>> list = held.toList();
    if (list.isEmpty()) {
      objects.remove(key);
    } else {
      objects.put(key, list);
    }
    if (list.size() > 1) {
      contested.add(key);
    } else {
      contested.remove(key);
    }
  }

  private Optional<V> winner(K key) {
    return objects.getOrDefault(key, List.of()).stream().findFirst().map(Held::object);
  }

  void tellChanged(Consumer<V> told) {
    before.forEach(
        (key, old) -> winner(key).filter(now -> !old.equals(Optional.of(now))).ifPresent(told));
  }

  void tellDeleted(Consumer<K> told) {
    before.forEach(
        (key, old) -> {
          if (old.isPresent() && winner(key).isEmpty()) {
            told.accept(key);
          }
        });
  }

  /** What was told need not be told again. */
  void settle() {
    before.clear();
  }

  /** Objects that are left out because another has their name. */
  void addProblems(Collection<Problem> problems) {
    for (K key : contested) {
      List<Held<V>> held = objects.getOrDefault(key, List.of());
      for (Held<V> loser : held.subList(1, held.size())) {
        String message = "is in " + held.get(0).file + " already; that one counts";
        problems.add(new Problem(loser.file, kind + " " + key, "", message));
      }
    }
  }

  SortedMap<K, V> all() {
    SortedMap<K, V> all = new TreeMap<>();
    objects.forEach((key, held) -> all.put(key, held.get(0).object));
    return all;
  }
}
