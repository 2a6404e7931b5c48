package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.inspect.RecentClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The clients that the lists of {@code -m recent} hold. */
final class RecentMemory {
  private final boolean known;
  private final Map<Key, RecentClient> clients = new HashMap<>();

  private record Key(String list, IpAddress client) {}

  RecentMemory(Optional<List<RecentClient>> read) {
    this.known = read.isPresent();
    read.ifPresent(
        all -> all.forEach(each -> clients.put(new Key(each.list(), each.client()), each)));
  }

  /** Whether the lists were read. */
  boolean isKnown() {
    return known;
  }

  Optional<RecentClient> find(String list, IpAddress client) {
    return Optional.ofNullable(clients.get(new Key(list, client)));
  }
}
