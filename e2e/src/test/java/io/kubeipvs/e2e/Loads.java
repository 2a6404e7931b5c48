package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Services used by everybody at once, until closed: from each host to each way in there are new
 * connections, a long one, and a UDP socket that stays.
 */
final class Loads implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Map<String, Load> loads = new LinkedHashMap<>();

  Loads add(Host from, IpAddress address, int port) {
    String what = from.name() + " to " + address.withPort(port);
    Request tcp = endless(Protocol.TCP, address, port);
    loads.put(what + ", new connections", from.start(tcp));
    loads.put(what + ", one connection", from.start(tcp.overOneConnection()));
    // A datagram that is lost nobody sends again: the more there are, the less is missed.
    Request udp = endless(Protocol.UDP, address, port).pausing(Duration.ofMillis(40));
    loads.put(what + ", one UDP socket", from.start(udp.overOneConnection()));
    return this;
  }

  static Request endless(Protocol protocol, IpAddress address, int port) {
    return Request.to(protocol, address, port)
        .times(0)
        .within(Duration.ofSeconds(30))
        .pausing(PAUSE);
  }

  /** Waits until each has had so many answers more than now. */
  void awaitAnswers(int more) {
    awaitAnswers(loads.values(), more);
  }

  /** Waits until that one has had so many answers more than now. */
  static void awaitAnswers(Load load, int more) {
    awaitAnswers(List.of(load), more);
  }

  private static void awaitAnswers(Collection<Load> loads, int more) {
    Map<Load, Integer> now = new LinkedHashMap<>();
    loads.forEach(load -> now.put(load, answered(load)));
    now.forEach(
        (load, before) ->
            Await.until(
                Scenario.PATIENCE,
                () -> answered(load) >= before + more,
                () -> load.soFar().byReason().toString()));
  }

  private static int answered(Load load) {
    return load.soFar().answers().size();
  }

  /**
   * Nobody lost a request or a connection.
   *
   * @return how many requests there were
   */
  int assertNothingLost(String what) {
    int requests = 0;
    for (Map.Entry<String, Load> load : loads.entrySet()) {
      Answers answers = load.getValue().soFar();
      assertThat(answers.failures()).as(what + ": " + load.getKey()).isEmpty();
      requests += answers.answers().size();
    }
    return requests;
  }

  @Override
  public void close() {
    loads.values().forEach(Load::close);
  }
}
