package io.kubeipvs.proxy.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.FakeIpvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.Phase;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObstaclesTest {
  private final FakeIpvs ipvs = new FakeIpvs();
  private final Obstacles obstacles = new Obstacles(ipvs);

  @Test
  void whereManyServicesAreRefusedTheTableIsReadOnce() {
    List<IpAddress> vips =
        IntStream.range(1, 200).mapToObj(i -> IpAddress.of("10.96.0." + i)).toList();
    vips.forEach(vip -> obstacles.note(program(vip, 80)));
    int before = ipvs.reads();

    assertThat(vips).allMatch(vip -> obstacles.leadsNowhere(open(vip)));
    assertThat(ipvs.reads() - before).isEqualTo(1);
  }

  @Test
  void anAddressThatAnotherServiceIsServedAtIsOpened() throws Exception {
    IpAddress vip = IpAddress.of("10.96.0.1");
    obstacles.note(program(vip, 80));
    ipvs.execute(List.of(program(vip, 443).command()));

    assertThat(obstacles.leadsNowhere(open(vip))).isFalse();
  }

  private static Operation.Ipvs program(IpAddress vip, int port) {
    VirtualService service =
        VirtualService.of(ServiceKey.of(Protocol.TCP, vip, port), Scheduler.ROUND_ROBIN);
    return new Operation.Ipvs(Phase.PROGRAM_SERVICES, new IpvsCommand.AddService(service));
  }

  private static Operation open(IpAddress vip) {
    RouteCommand add = new RouteCommand.AddRoute(new LocalRoute(vip, Optional.empty(), 75));
    return new Operation.Vip(Phase.OPEN_VIPS, vip, false, add);
  }
}
