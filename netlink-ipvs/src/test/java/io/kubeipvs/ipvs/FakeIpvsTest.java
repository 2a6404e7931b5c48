package io.kubeipvs.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.IpvsCommand.DeleteService;
import io.kubeipvs.ipvs.IpvsCommand.UpdateServer;
import io.kubeipvs.netlink.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FakeIpvsTest implements IpvsContract {
  private final FakeIpvs ipvs = new FakeIpvs();

  @Override
  public Ipvs table() {
    return ipvs;
  }

  @Test
  void connectionsStayWhenTheWeightChanges() {
    RealServer server = GivenIpvs.server(V4, 1);
    ipvs.tamper(new AddService(GivenIpvs.service(V4)), new AddServer(V4, server));
    ipvs.setConnections(V4, server.key(), 3, 4);
    ipvs.execute(List.of(new UpdateServer(V4, server.withWeight(0))));
    assertThat(ipvs.servers(V4))
        .containsExactly(new ObservedServer(server.withWeight(0), 3, 4, 0, Statistics.ZERO));
  }

  @Test
  void injectedFailureHitsOneCommand() {
    ipvs.failCommand(2, Errno.ENOMEM);
    List<IpvsCommand> commands =
        List.of(
            new AddService(GivenIpvs.service(V4)),
            new AddService(GivenIpvs.service(V6)),
            new AddService(GivenIpvs.service(V6)));
    List<CommandFailure> failures = ipvs.execute(commands);
    assertThat(failures).extracting(f -> f.cause().errno()).containsExactly(Errno.ENOMEM);
    assertThat(ipvs.services()).hasSize(2);
    assertThat(ipvs.commands()).isEqualTo(commands);
    assertThat(ipvs.writes()).isEqualTo(3);
  }

  @Test
  void tamperingIsNotCounted() {
    ipvs.tamper(new AddService(GivenIpvs.service(V4)));
    assertThat(ipvs.writes()).isZero();
    assertThatThrownBy(() -> ipvs.tamper(new DeleteService(V6)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void zeroForgetsStatisticsOnly() throws Exception {
    ipvs.tamper(new AddService(GivenIpvs.service(V4)));
    ipvs.setStatistics(V4, new Statistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    ipvs.zero(V4);
    assertThat(ipvs.services().get(0).statistics()).isEqualTo(Statistics.ZERO);
  }
}
