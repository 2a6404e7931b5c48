package io.kubeipvs.proxy.inspect.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.list.ServiceList.Server;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ListFilterTest {
  @Test
  void namesAreTakenShortOrInFull() {
    for (String name : List.of("", "web", "default/web", "web:http", "default/web:http")) {
      assertThat(filter("", name).takes(entrance(""))).as(name).isTrue();
    }
    for (String name : List.of("default", "we", "other/web", "web:dns", "/web")) {
      assertThat(filter("", name).takes(entrance(""))).as(name).isFalse();
    }
    assertThat(filter("default", "").takes(entrance(""))).isTrue();
    assertThat(filter("kube-system", "").takes(entrance(""))).isFalse();
  }

  @Test
  void addressesAreThoseOfEntrancesAndOfServers() {
    assertThat(at("10.96.0.1", OptionalInt.empty())).isTrue();
    assertThat(at("10.96.0.1", OptionalInt.of(80))).isTrue();
    assertThat(at("10.96.0.1", OptionalInt.of(8080))).isFalse();
    assertThat(at("10.244.1.7", OptionalInt.of(8080))).isTrue();
    assertThat(at("10.244.1.8", OptionalInt.empty())).isFalse();
  }

  @Test
  void onlyWhatHasAStateIsUnhealthy() {
    ListFilter unhealthy = new ListFilter("", "", Optional.empty(), OptionalInt.empty(), true);

    assertThat(unhealthy.takes(entrance(""))).isFalse();
    assertThat(unhealthy.takes(entrance("draining"))).isTrue();
  }

  private static boolean at(String address, OptionalInt port) {
    return new ListFilter("", "", Optional.of(IpAddress.of(address)), port, false)
        .takes(entrance(""));
  }

  private static ListFilter filter(String namespace, String service) {
    return new ListFilter(namespace, service, Optional.empty(), OptionalInt.empty(), false);
  }

  private static Entrance entrance(String serverState) {
    Server server =
        new Server(
            IpAddress.of("10.244.1.7"),
            8080,
            "",
            "",
            "",
            1,
            serverState,
            Optional.empty(),
            0,
            0,
            0,
            Optional.empty());
    return new Entrance(
        "default",
        "web",
        "http",
        "cluster IP",
        Protocol.TCP,
        Optional.of(IpAddress.of("10.96.0.1")),
        80,
        "Cluster",
        "rr",
        0,
        "",
        Optional.empty(),
        List.of(server));
  }
}
