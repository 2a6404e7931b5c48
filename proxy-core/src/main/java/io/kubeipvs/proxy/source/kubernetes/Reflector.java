package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the objects of one kind: lists them, watches from there, resumes where a watch ended, and
 * lists anew when the API server no longer has that place. Whatever goes wrong, what was told stays
 * until something better is known.
 *
 * <p>For one thread; times are those of {@link System#nanoTime}, since the clock may jump.
 */
final class Reflector<K, T> implements Runnable {
  private static final int PAGE = 500;

  /** Watches that send garbage in a row before the place they start from is suspected. */
  private static final int GARBAGE_LIMIT = 2;

  /** A watch that ends sooner, without an event, is a failure. */
  private static final Duration SHORT_WATCH = Duration.ofSeconds(1);

  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);

  private final ApiServer api;
  private final ObjectLedger<K, T> ledger;
  private final ReflectorProgress progress;
  private final ApiTiming timing;
  private final Backoff backoff;
  private final JsonFactory json;
  private Resource<K, T> resource;
  private volatile boolean stopped;

  /** Where the next watch begins; null when a list is due. */
  private @Nullable String version;

  private boolean listedOnce;
  private boolean doubtedOnce;
  private boolean unpaged;
  private int garbage;

  /** Missing in the last list; gone when the next lacks them too. */
  private Set<K> suspected = Set.of();

  private boolean confirming;
  private long confirmAt;

  Reflector(
      ApiServer api,
      Resource<K, T> resource,
      ObjectLedger<K, T> ledger,
      ReflectorProgress progress,
      ApiTiming timing,
      Backoff backoff,
      JsonFactory json) {
    this.api = api;
    this.resource = resource;
    this.ledger = ledger;
    this.progress = progress;
    this.timing = timing;
    this.backoff = backoff;
    this.json = json;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: the thread ends here
    }
  }

  private void turn() throws InterruptedException {
    try {
      String from = version;
      if (from == null || isConfirmationDue()) {
        from = list();
      }
      watch(from);
    } catch (ApiRefusedException e) {
      refused(e);
    } catch (WatchReader.GarbageException e) {
      garbage++;
      version = garbage >= GARBAGE_LIMIT ? null : version;
      failed(e, Duration.ZERO);
    } catch (IOException e) {
      if (Elsewhere.isPossible(e)) {
        api.renewCredentials();
      }
      failed(e, Duration.ZERO);
    } catch (RuntimeException e) {
      failed(e, Duration.ZERO);
    }
  }

  private void refused(ApiRefusedException e) throws InterruptedException {
    if (e.isGone()) {
      version = null;
      pause(backoff.next());
      return;
    }
    if (isAboutTheSelector(e)) {
      resource = resource.withoutFieldSelector();
    }
    if (e.status() == ApiRefusedException.UNAUTHORIZED) {
      api.renewCredentials();
    }
    failed(e, e.retryAfter().orElse(Duration.ZERO));
  }

  /** Others than an old server say 400 too; and nodes can be chosen by their name everywhere. */
  private boolean isAboutTheSelector(ApiRefusedException e) {
    String words = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e.status() == ApiRefusedException.BAD_REQUEST
        && !resource.fieldSelector().isEmpty()
        && !resource.plural().equals("nodes")
        && (words.contains("field label") || words.contains("field selector"));
  }

  private void failed(Exception e, Duration asked) throws InterruptedException {
    if (stopped) {
      return;
    }
    progress.failed(resource.plural(), e);
    Duration most = asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
    Duration own = backoff.next();
    pause(own.compareTo(most) < 0 ? most : own);
  }

  private static void pause(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  // Lists.

  private String list() throws IOException {
    Set<K> listed = new HashSet<>();
    String token = "";
    ListReader.Page page;
    do {
      page = page(token, listed);
      token = page.continueToken();
    } while (!token.isEmpty());
    unpaged = false;
    conclude(listed);
    version = page.resourceVersion();
    ledger.changedProblems().ifPresent(all -> progress.problems(resource.plural(), all));
    return page.resourceVersion();
  }

  /** Objects count as soon as they are read, whatever becomes of the rest of the list. */
  private ListReader.Page page(String token, Set<K> listed) throws IOException {
    StringBuilder query =
        new StringBuilder(resource.query(unpaged ? "watch=false" : "limit=" + PAGE));
    Resource.append(query, "continue", token);
    try (InputStream body = ask("list", query.toString(), timing.listSilence())) {
      return ListReader.read(json, body, tree -> ledger.put(tree).ifPresent(listed::add));
    } catch (ApiRefusedException e) {
      // The pages took longer than the server keeps their version: next time all in one.
      unpaged = e.isGone() && !token.isEmpty();
      throw e;
    }
  }

  private void conclude(Set<K> listed) {
    boolean witnessListed = resource.witness().map(listed::contains).orElse(true);
    if (listedOnce || witnessListed || doubtedOnce) {
      missing(listed, witnessListed);
      ledger.forgetProblemsBut(listed);
      listedOnce = true;
      progress.listed(resource.plural());
    } else {
      doubtedOnce = true;
      confirmIn(timing.firstConfirmation());
      progress.doubted(
          resource.plural(), "lacks " + resource.witness().get() + ", which every cluster has");
    }
  }

  private void missing(Set<K> listed, boolean witnessListed) {
    Set<K> missing = ledger.missing(listed);
    boolean witnessGone = !witnessListed && resource.witness().map(ledger::knows).orElse(false);
    Set<K> fresh = new HashSet<>(missing);
    fresh.removeAll(suspected);
    int known = ledger.size();
    switch (ListJudge.judge(known, fresh.size(), witnessGone)) {
      case BELIEVE -> {
        missing.forEach(ledger::delete);
        suspected = Set.of();
        confirming = false;
      }
      case CONFIRM -> {
        missing.removeAll(fresh);
        missing.forEach(ledger::delete);
        doubt(fresh, known, "");
      }
      case REFUSE -> doubt(Set.of(), known, ", and " + resource.witness().get());
    }
  }

  private void doubt(Set<K> held, int known, String witness) {
    suspected = held;
    confirmIn(backoff.jittered(timing.confirmation()));
    String lacks = held.isEmpty() ? "objects" : held.size() + " of " + known + " known objects";
    progress.doubted(resource.plural(), "lacks " + lacks + witness);
  }

  private void confirmIn(Duration delay) {
    confirming = true;
    confirmAt = System.nanoTime() + delay.toNanos();
  }

  private boolean isConfirmationDue() {
    return confirming && confirmAt - System.nanoTime() <= 0;
  }

  // Watches.

  private void watch(String from) throws IOException {
    Duration length = watchLength();
    Duration silence = length.compareTo(timing.watchSilence()) < 0 ? length : timing.watchSilence();
    InputStream body = ask("watch", watchPath(from, length), silence);
    progress.reached(resource.plural());
    long start = System.nanoTime();
    boolean quiet = true;
    try (WatchReader events = new WatchReader(json, body)) {
      for (Optional<WatchReader.Event> event = events.next();
          event.isPresent() && !stopped && !isConfirmationDue();
          event = events.next()) {
        handle(event.get());
        quiet = false;
        garbage = 0;
      }
    } catch (SocketTimeoutException e) {
      // Nothing was sent for long: the connection may be dead, so another one takes over.
      quiet = false;
    } finally {
      if (!quiet || isLong(start)) {
        backoff.succeeded();
      }
    }
    if (quiet && !isLong(start) && !isConfirmationDue()) {
      throw new IOException("the watch ended at once");
    }
  }

  private static boolean isLong(long start) {
    return System.nanoTime() - start >= SHORT_WATCH.toNanos();
  }

  private Duration watchLength() {
    Duration length = backoff.jittered(timing.watchLength().multipliedBy(2));
    Duration untilConfirmation = Duration.ofNanos(confirmAt - System.nanoTime()).plusMillis(1);
    return confirming && untilConfirmation.compareTo(length) < 0 ? untilConfirmation : length;
  }

  private String watchPath(String from, Duration length) {
    long seconds = Math.max(1, length.toSeconds());
    StringBuilder query =
        new StringBuilder(
            resource.query("watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds));
    Resource.append(query, "resourceVersion", from);
    return query.toString();
  }

  private InputStream ask(String verb, String path, Duration silence) throws IOException {
    long start = System.nanoTime();
    int status = 0;
    try {
      InputStream body = api.get(path, silence);
      status = 200;
      return body;
    } catch (ApiRefusedException e) {
      status = e.status();
      throw e;
    } finally {
      progress.asked(verb, resource.plural(), status, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private void handle(WatchReader.Event event) throws IOException {
    Object object = event.object();
    switch (event.type()) {
      case "ADDED", "MODIFIED" -> ledger.put(object);
      case "DELETED" -> resource.keyOf(object).ifPresent(ledger::delete);
      case "BOOKMARK" -> {}
      case "ERROR" -> throw error(object);
      default -> throw new WatchReader.GarbageException("an event of type " + event.type());
    }
    version = ApiObject.metadata(object, "resourceVersion").orElse(version);
    ledger.changedProblems().ifPresent(all -> progress.problems(resource.plural(), all));
  }

  /** A {@code Status} object says why the watch ends. */
  private static ApiRefusedException error(Object status) {
    int code =
        ApiObject.child(status, "code")
            .filter(Long.class::isInstance)
            .map(c -> ((Long) c).intValue())
            .orElse(0);
    String message = ApiObject.text(status, "message").orElse("");
    return new ApiRefusedException(code, message, Optional.empty());
  }
}
