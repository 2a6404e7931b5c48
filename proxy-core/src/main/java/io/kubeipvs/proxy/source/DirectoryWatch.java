package io.kubeipvs.proxy.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits until something in a directory changed and settled, or until it is time to look anyway. */
final class DirectoryWatch implements AutoCloseable {
  /**
   * A file is read when nothing happened for that long. It may be written in place, a piece at a
   * time, and half of it may well be YAML, with half the endpoints.
   */
  private static final long QUIET_MILLISECONDS = 25;

  /** A directory that never rests is read all the same: after a second. */
  private static final int ROUNDS = 40;

  /** And looked through all the same: after so many of the intervals it is, when at rest. */
  private static final int RESTLESS_INTERVALS = 12;

  private final Path directory;
  private final Duration rescan;
  private @Nullable WatchService service;
  private @Nullable WatchKey key;
  private long lookedThrough = System.nanoTime();

  DirectoryWatch(Path directory, Duration rescan) {
    this.directory = directory;
    this.rescan = rescan;
  }

  /**
   * Has the kernel tell of the directory's changes, where it can; else time must do. Done again now
   * and then, because what is watched is the directory that had the name when it was asked for.
   */
  void renew() {
    try {
      WatchKey renewed = register();
      if (key != null && !key.equals(renewed)) {
        key.cancel();
      }
      key = renewed;
    } catch (IOException e) {
      key = null; // not there now, or the limit of watches is reached: tried again at each look
    }
  }

  private WatchKey register() throws IOException {
    if (service == null) {
      service = directory.getFileSystem().newWatchService();
    }
    return directory.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  /** Which files, by name, were written to; or that it is time to look at all. */
  Touched awaitChange() throws InterruptedException {
    Set<String> names = new HashSet<>();
    WatchKey next = poll(rescan.toMillis());
    if (next == null) {
      renew();
    }
    boolean lost = false;
    for (int round = 0; next != null && round < ROUNDS; round++) {
      lost |= drain(next, names);
      next = poll(QUIET_MILLISECONDS);
    }
    Touched touched = Touched.only(names);
    return lost || names.isEmpty() || isOverdue() ? everything(touched) : touched;
  }

  private boolean isOverdue() {
    long limit = rescan.multipliedBy(RESTLESS_INTERVALS).toNanos();
    return System.nanoTime() - lookedThrough > limit;
  }

  private Touched everything(Touched touched) {
    lookedThrough = System.nanoTime();
    return touched.andEverything();
  }

  private @Nullable WatchKey poll(long milliseconds) throws InterruptedException {
    if (service == null) {
      Thread.sleep(milliseconds);
      return null;
    }
    return service.poll(milliseconds, TimeUnit.MILLISECONDS);
  }

  /** Whether events were lost. */
  private static boolean drain(WatchKey key, Set<String> names) {
    boolean lost = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      lost |= event.kind() == StandardWatchEventKinds.OVERFLOW;
      names.add(String.valueOf(event.context()));
    }
    key.reset();
    return lost;
  }

  @Override
  public void close() {
    if (service == null) {
      return;
    }
    try {
      service.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
