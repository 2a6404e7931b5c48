package io.kubeipvs.proxy.history;

import io.kubeipvs.proxy.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last syncs as JSON in bytes: that is what is served, and what it costs is counted easily. The
 * oldest go first. Syncs that looked and found everything in order are counted, not kept: a day of
 * them must not push out the one that did something.
 */
public final class History {
  private final int entryLimit;
  private final int byteLimit;
  private final Instant instance;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long next = 1;
  private long dropped;
  private int bytes;
  private long idle;
  private long repairs;
  private Instant lastIdle = Instant.EPOCH;

  private static final class Entry {
    final long number;
    final byte[] json;

    Entry(long number, byte[] json) {
      this.number = number;
      this.json = json;
    }
  }

  /**
   * An empty one.
   *
   * @param instance tells this run of the daemon from others: numbers begin anew with each
   */
  public History(int entryLimit, int byteLimit, Instant instance) {
    this.entryLimit = entryLimit;
    this.byteLimit = byteLimit;
    this.instance = instance;
  }

  synchronized void add(SyncRecord sync) {
    if (sync.isIdle()) {
      idle++;
      lastIdle = sync.at();
      return;
    }
    repairs += sync.repairs().total();
    byte[] json = RecordText.of(next, sync).getBytes(StandardCharsets.US_ASCII);
    entries.add(new Entry(next, json));
    next++;
    bytes += json.length;
    while (entries.size() > entryLimit || (bytes > byteLimit && entries.size() > 1)) {
      bytes -= entries.remove().json.length;
      dropped++;
    }
  }

  /** What it holds, without what surrounds it. */
  public synchronized int bytes() {
    return bytes;
  }

  /** How many had to go. */
  public synchronized long dropped() {
    return dropped;
  }

  synchronized int size() {
    return entries.size();
  }

  /**
   * Those from a number on, the newest of them where there are more than the limit, in order.
   *
   * @param from 0 for all
   */
  public synchronized String json(long from, int limit) {
    List<Entry> wanted = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.number >= from) {
        wanted.add(entry);
      }
    }
    JsonWriter json = new JsonWriter().open();
    json.member("instance", instance.toString());
    json.member("next", next);
    json.member("dropped", dropped);
    json.member("repairs", repairs);
    json.member("bytes", bytes);
    json.member("idle", idle);
    json.member("lastIdle", idle == 0 ? "" : lastIdle.toString());
    json.name("entries").openList();
    for (Entry entry : wanted.subList(Math.max(0, wanted.size() - limit), wanted.size())) {
      json.raw(new String(entry.json, StandardCharsets.US_ASCII));
    }
    return json.closeList().close().toString();
  }
}
