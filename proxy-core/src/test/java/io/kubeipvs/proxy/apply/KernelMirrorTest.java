package io.kubeipvs.proxy.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.plan.PlannedService;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KernelMirrorTest {
  private final KernelMirror mirror = new KernelMirror();

  @Test
  void whatIsWantedAndThereIsOneValue() {
    PlannedService wanted = wanted();
    see(server("10.244.0.1", 1), server("10.244.0.2", 1));
    mirror.share(wanted);
    ServiceKey key = wanted.service().key();
    assertThat(mirror.service(key)).isSameAs(wanted.service());
    wanted
        .servers()
        .forEach(
            (place, server) -> {
              assertThat(mirror.servers(key)).containsEntry(place, server);
              assertThat(mirror.servers(key).get(place)).isSameAs(server);
            });
    assertThat(mirror.servers(key).keySet())
        .allSatisfy(
            place ->
                assertThat(wanted.servers().keySet())
                    .anySatisfy(same -> assertThat(same).isSameAs(place)));
  }

  @Test
  void whatDiffersStaysAsItWasSeen() {
    PlannedService wanted = wanted();
    RealServer drained = server("10.244.0.1", RealServer.DRAINING);
    RealServer foreign = server("10.244.0.3", 1);
    see(drained, foreign);
    mirror.share(wanted);
    assertThat(mirror.servers(wanted.service().key()).values()).containsExactly(drained, foreign);
  }

  @Test
  void aServiceThatIsNotThereIsNotMade() {
    mirror.share(wanted());
    assertThat(mirror.serviceCount()).isZero();
  }

  private void see(RealServer... servers) {
    mirror.putService(
        service(),
        Stream.of(servers).map(each -> new ObservedServer(each, 0, 0, 0, Statistics.ZERO)).toList(),
        null);
  }

  private static VirtualService service() {
    IpAddress address = IpAddress.of("10.96.0.10");
    return VirtualService.of(ServiceKey.of(Protocol.TCP, address, 80), Scheduler.ROUND_ROBIN);
  }

  private static RealServer server(String address, int weight) {
    return RealServer.masquerade(IpAddress.of(address), 8080, weight);
  }

  private static PlannedService wanted() {
    SortedMap<ServerKey, RealServer> servers = new TreeMap<>();
    for (String address : List.of("10.244.0.1", "10.244.0.2")) {
      RealServer server = server(address, 1);
      servers.put(server.key(), server);
    }
    return new PlannedService(service(), servers, Optional.empty(), Optional.empty());
  }
}
