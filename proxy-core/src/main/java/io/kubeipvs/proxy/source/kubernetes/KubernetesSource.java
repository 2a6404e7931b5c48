package io.kubeipvs.proxy.source.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.Source;
import io.kubeipvs.proxy.source.SourceListener;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Follows Services, EndpointSlices and this Node at the API server, with a thread for each kind,
 * and tells a listener, one thread at a time, what is new, changed or gone.
 *
 * <p>It tells that all is listed after the first full lists of Services and EndpointSlices, and
 * when the question for the Node was answered, if only by a refusal.
 */
public final class KubernetesSource implements Source {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.source");

  /** Deeper than any object of the API. */
  private static final int NESTING_LIMIT = 60;

  private static final int REASON_LIMIT = 300;

  private final ApiServer api;
  private final ApiMonitor monitor;
  private final SourceListener guarded;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Reflector<?, ?>> reflectors = new ArrayList<>();
  private final Progress progress = new Progress();

  /** A source for the node of that name. */
  public static KubernetesSource open(
      ApiAccess access, String node, SourceListener listener, ApiMonitor monitor) {
    return new KubernetesSource(
        new HttpApiServer(access), node, listener, monitor, ApiTiming.DEFAULT);
  }

  KubernetesSource(
      ApiServer api, String node, SourceListener listener, ApiMonitor monitor, ApiTiming timing) {
    this.api = api;
    this.monitor = monitor;
    this.guarded = new OneAtATime(new ApiBackendGuard(listener));
    JsonFactory json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(NESTING_LIMIT).build())
            .build();
    add(Resource.node(node), timing, json);
    add(Resource.services(), timing, json);
    add(Resource.slices(), timing, json);
  }

  private <K, T> void add(Resource<K, T> resource, ApiTiming timing, JsonFactory json) {
    Backoff backoff =
        new Backoff(timing.firstRetry(), timing.retryLimit(), RandomGenerator.getDefault());
    ObjectLedger<K, T> ledger = new ObjectLedger<>(resource, guarded);
    Reflector<K, T> reflector =
        new Reflector<>(api, resource, ledger, progress, timing, backoff, json);
    reflectors.add(reflector);
    Thread thread = new Thread(reflector, "api-" + resource.plural());
    thread.setDaemon(true);
    threads.add(thread);
  }

  @Override
  public void start() {
    LOG.info("following Services at {}", api.name());
    threads.forEach(Thread::start);
  }

  /** Tells nothing more. Threads that wait for an answer end when it comes. */
  @Override
  public void close() {
    reflectors.forEach(Reflector::stop);
    threads.forEach(Thread::interrupt);
  }

  /** Keeps the log and the listener informed. */
  private final class Progress implements ReflectorProgress {
    private static final String NODES = "nodes";

    private final Map<String, List<Problem>> problems = new TreeMap<>();
    private final Map<String, Long> failingSince = new TreeMap<>();
    private final Map<String, Boolean> reachable = new TreeMap<>();
    private final List<String> awaited =
        new ArrayList<>(List.of("services", "endpointslices", NODES));
    private boolean told;

    @Override
    public void asked(String verb, String resource, int status, Duration duration) {
      monitor.request(new ApiCall(api.host(), "GET", verb, resource, status, duration));
    }

    @Override
    public synchronized void listed(String resource) {
      reached(resource);
      settled(resource);
    }

    private void settled(String resource) {
      awaited.remove(resource);
      if (awaited.isEmpty() && !told) {
        told = true;
        guarded.listed();
      }
    }

    @Override
    public void doubted(String resource, String why) {
      LOG.warn("the list of {} {}: a list to come must confirm that", resource, why);
    }

    @Override
    public synchronized void reached(String resource) {
      Long since = failingSince.remove(resource);
      if (since != null) {
        long seconds = Duration.ofNanos(System.nanoTime() - since).toSeconds();
        LOG.info("{} followed again, after {} s", resource, seconds);
      }
      note(resource, true);
    }

    private void note(String resource, boolean now) {
      Boolean former = reachable.put(resource, now);
      if (former == null || former != now) {
        monitor.reachable(resource, now);
      }
    }

    @Override
    public synchronized void failed(String resource, Exception failure) {
      if (failingSince.putIfAbsent(resource, System.nanoTime()) == null) {
        LOG.warn(
            "{} cannot be followed at {}: {}; what is in the kernel stays",
            resource,
            api.name(),
            reason(failure, "list and watch"));
      }
      note(resource, false);
      // A node nobody may read is one that is not known; Services do not wait for it.
      if (resource.equals(NODES) && failure instanceof ApiRefusedException e && e.isFinal()) {
        settled(NODES);
      }
    }

    @Override
    public synchronized void problems(String resource, List<Problem> all) {
      problems.put(resource, all);
      List<Problem> sorted = new ArrayList<>();
      problems.values().forEach(sorted::addAll);
      Collections.sort(sorted);
      guarded.problems(sorted);
    }
  }

  /**
   * One line, whatever the server sent.
   *
   * @param rights that are needed
   */
  static String reason(Exception failure, String rights) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof ApiRefusedException e && e.status() == ApiRefusedException.FORBIDDEN) {
      message += " (the ClusterRole must allow " + rights + ")";
    } else if (failure instanceof JsonProcessingException e) {
      message = "the answer is not JSON: " + e.getOriginalMessage();
    } else if (failure instanceof UnknownHostException) {
      message = "unknown host " + message;
    } else if (failure instanceof RuntimeException) {
      message = failure.toString();
    }
    String line = message.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > REASON_LIMIT ? line.substring(0, REASON_LIMIT) + "..." : line;
  }
}
