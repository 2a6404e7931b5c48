package io.kubeipvs.proxy.source.kubernetes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an API server has: objects as JSON text, by resource and key ({@code namespace/name}), and
 * what happened to them, for those who watch. Each change has a version of its own.
 */
final class ApiStore {
  /** Events of a kind that a watch can be resumed from. */
  private static final int HISTORY = 10_000;

  private final Map<String, NavigableMap<String, String>> objects = new HashMap<>();
  private final Map<String, NavigableMap<Long, Event>> history = new HashMap<>();

  /** What happened up to there is forgotten, by resource. */
  private final Map<String, Long> oldest = new HashMap<>();

  private long version = 100;
  private long epoch;
  private Predicate<String> hidden = key -> false;

  record Event(long version, String type, String object) {}

  /**
   * Some objects of a resource.
   *
   * @param version of the whole, as it was read
   * @param last the key after which more follow; empty when these are all
   */
  record Page(List<String> objects, long version, String last) {}

  ApiStore(List<String> resources) {
    for (String resource : resources) {
      objects.put(resource, new TreeMap<>());
      history.put(resource, new TreeMap<>());
      oldest.put(resource, 0L);
    }
  }

  boolean has(String resource) {
    return objects.containsKey(resource);
  }

  synchronized long version() {
    return version;
  }

  synchronized List<String> all(String resource) {
    return List.copyOf(objectsOf(resource).values());
  }

  synchronized @Nullable String get(String resource, String key) {
    return objectsOf(resource).get(key);
  }

  /** Objects after that key whose keys are wanted, so many at the most. */
  synchronized Page page(String resource, Predicate<String> wanted, String after, int limit) {
    List<Map.Entry<String, String>> found =
        objectsOf(resource).tailMap(after, false).entrySet().stream()
            .filter(e -> wanted.test(e.getKey()) && !hidden.test(resource + " " + e.getKey()))
            .limit(limit + 1L)
            .toList();
    boolean more = found.size() > limit;
    List<Map.Entry<String, String>> shown = more ? found.subList(0, limit) : found;
    return new Page(
        shown.stream().map(Map.Entry::getValue).toList(),
        version,
        more ? shown.get(limit - 1).getKey() : "");
  }

  /** Puts an object, without a resourceVersion: it gets one. */
  synchronized void put(String resource, String key, String object) {
    version++;
    String stamped =
        object.replaceFirst(
            "\"metadata\":\\{", "\"metadata\":{\"resourceVersion\":\"" + version + "\",");
    String former = objectsOf(resource).put(key, stamped);
    happened(resource, new Event(version, former == null ? "ADDED" : "MODIFIED", stamped));
  }

  synchronized void delete(String resource, String key) {
    version++;
    String gone = Objects.requireNonNull(objectsOf(resource).remove(key));
    String stamped =
        gone.replaceFirst(
            "\"resourceVersion\":\"\\d+\"", "\"resourceVersion\":\"" + version + "\"");
    happened(resource, new Event(version, "DELETED", stamped));
  }

  /** Deletes what is in a namespace, of all resources. */
  synchronized void deleteNamespace(String namespace) {
    for (String resource : objects.keySet()) {
      List.copyOf(objectsOf(resource).keySet()).stream()
          .filter(key -> key.startsWith(namespace + "/"))
          .forEach(key -> delete(resource, key));
    }
  }

  private void happened(String resource, Event event) {
    NavigableMap<Long, Event> events = historyOf(resource);
    events.put(event.version(), event);
    if (events.size() > HISTORY) {
      oldest.put(resource, events.pollFirstEntry().getKey());
    }
    notifyAll();
  }

  /** Forgets what happened so far: nobody can resume from before. */
  synchronized void compact() {
    oldest.replaceAll((resource, former) -> version);
    history.values().forEach(Map::clear);
  }

  synchronized boolean isForgotten(String resource, long from) {
    return from < Objects.requireNonNull(oldest.get(resource));
  }

  /** Lists lack what matches, of the form {@code services default/web}. */
  synchronized void hide(Predicate<String> keys) {
    hidden = keys;
  }

  /** Grows each time watches are ended. */
  synchronized long epoch() {
    return epoch;
  }

  synchronized void endWatches() {
    epoch++;
    notifyAll();
  }

  /** Waits for what happened after a version; null when the watch, of that epoch, ends before. */
  synchronized @Nullable List<Event> next(
      String resource, long after, long watchEpoch, long deadlineNanos)
      throws InterruptedException {
    while (epoch == watchEpoch && System.nanoTime() < deadlineNanos) {
      List<Event> events = List.copyOf(historyOf(resource).tailMap(after, false).values());
      if (!events.isEmpty()) {
        return events;
      }
      wait(Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000));
    }
    return null;
  }

  private NavigableMap<String, String> objectsOf(String resource) {
    return Objects.requireNonNull(objects.get(resource));
  }

  private NavigableMap<Long, Event> historyOf(String resource) {
    return Objects.requireNonNull(history.get(resource));
  }
}
