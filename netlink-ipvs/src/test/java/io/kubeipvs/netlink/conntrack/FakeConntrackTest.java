package io.kubeipvs.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import org.junit.jupiter.api.Test;

final class FakeConntrackTest implements ConntrackContract {
  private final FakeConntrack conntrack = new FakeConntrack();

  @Override
  public Conntrack conntrack() {
    return conntrack;
  }

  @Override
  public void track(Flow flow) {
    conntrack.track(flow);
  }

  @Override
  public boolean hasZones() {
    return true;
  }

  @Test
  void flowThatIsTrackedAlreadyIsRefused() {
    FlowTuple tuple = new FlowTuple(IpAddress.of("10.1.0.5"), 1, VIP, 2);
    FlowTuple other = new FlowTuple(IpAddress.of("10.1.0.6"), 1, VIP, 2);
    track(new Flow(Protocol.UDP, tuple, tuple, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> track(new Flow(Protocol.UDP, tuple, other, 0, 0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> track(new Flow(Protocol.UDP, other, tuple, 0, 0)));
  }
}
