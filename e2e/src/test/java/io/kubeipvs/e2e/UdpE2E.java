package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** UDP from one source port, as resolvers and phones do it: no flow outlives where it went to. */
final class UdpE2E extends ExposedScenario {
  private static final int SOURCE_PORT = 5353;

  /** All who ask, and where: cluster IP and node port, from inside and outside. */
  private List<Asking> askings() {
    return List.of(
        new Asking(asker, VIP, PORT),
        new Asking(asker, VIP_V6, PORT),
        new Asking(node1, VIP, PORT),
        new Asking(client, VIP, PORT),
        new Asking(client, node1.v4(), NODE_PORT),
        new Asking(client, node1.v6(), NODE_PORT));
  }

  private record Asking(Host from, IpAddress address, int port) {
    /** One packet, from the same port each time. */
    Answers once() {
      return within(Duration.ofSeconds(3));
    }

    private Answers within(Duration patience) {
      return from.request(Request.udp(address, port).within(patience).fromPort(SOURCE_PORT));
    }

    void isAnsweredBy(Pod pod) {
      Answers answers = within(PATIENCE);
      assertThat(answers.failures()).as(toString()).isEmpty();
      assertThat(answers.byServer()).as(toString()).isEqualTo(Map.of(pod.name(), 1));
    }

    void isRefused() {
      assertThat(within(PATIENCE).byReason())
          .as(toString())
          .isEqualTo(Map.of(reason(from, Protocol.UDP, Answers.Failure.REFUSED), 1));
    }

    @Override
    public String toString() {
      return from.name() + " to " + address.withPort(port);
    }
  }

  private void served(Pod... pods) {
    serve(web("NodePort"), pods);
    awaitAll(pods);
  }

  private void awaitAll(Pod... pods) {
    awaitVips(List.of(VIP, VIP_V6), pods);
    for (AddressFamily family : AddressFamily.values()) {
      awaitServers(node1.addresses().of(family), NODE_PORT, pods);
    }
  }

  @Test
  void theNextPacketReachesTheNextEndpoint() {
    serve(web("NodePort"), a);
    start();
    awaitAll(a);
    askings().forEach(each -> each.isAnsweredBy(a));
    served(c);
    askings().forEach(each -> each.isAnsweredBy(c));
    served();
    askings().forEach(Asking::isRefused);
    served(b);
    askings().forEach(each -> each.isAnsweredBy(b));
  }

  @Test
  void theNextPacketIsServedAgainAfterDeletionOfTheService() {
    serve(web("NodePort"), a);
    start();
    awaitAll(a);
    askings().forEach(each -> each.isAnsweredBy(a));
    write("web.yaml");
    awaitGone(ServiceKey.of(Protocol.UDP, VIP, PORT));
    askings().forEach(each -> assertThat(each.once().answers()).as(each.toString()).isEmpty());
    served(c);
    askings().forEach(each -> each.isAnsweredBy(c));
  }

  @Test
  void aClientThatNeverPausesIsServedAsSoonAsThereIsAnEndpoint() {
    serve(web("NodePort"));
    start();
    awaitAll();
    Request endless =
        Request.udp(node1.v4(), NODE_PORT)
            .times(0)
            .within(Duration.ofMillis(100))
            .pausing(Duration.ofMillis(10))
            .fromPort(SOURCE_PORT);
    try (Load load = client.start(endless)) {
      served(a);
      awaitServer(load, "a");
      served(c);
      awaitServer(load, "c");
    }
  }

  private static void awaitServer(Load load, String name) {
    Await.until(
        PATIENCE, () -> load.soFar().byServer().containsKey(name), () -> load.soFar().toString());
  }
}
