package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.conntrack.NetlinkConntrack;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.apply.CleanUp;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.testing.FdLeakCheck;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws of {@link LawTest} on a real kernel, with troubles: commands are refused, and somebody
 * changes what is ours. What is there then always equals what a proxy that starts now would make of
 * an empty kernel in memory, and a comparison after that finds nothing.
 */
@RequiresKernel({"ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_set", "dummy"})
@ExtendWith(FdLeakCheck.class)
final class LawKernelIT {
  private static final int STEPS = Integer.getInteger("kubeipvs.laws.kernelSteps", 60);
  private static final String NODE_DEVICE = "law-node";
  private static final List<String> NODE_ADDRESSES = List.of("10.0.2.15", "fd00:10::15");

  private Kernel kernel = new FakeKernel().gateways();

  @BeforeEach
  void open() throws IOException {
    ToolOptions tools = ToolOptions.DEFAULT.withProgram(IptablesTools.detect(ToolOptions.DEFAULT));
    Map<AddressFamily, Iptables> iptables =
        Map.of(
            AddressFamily.IPV4, IptablesTools.open(Family.IPV4, tools),
            AddressFamily.IPV6, IptablesTools.open(Family.IPV6, tools));
    kernel =
        new Kernel(
            NetlinkIpvs.open(NetlinkTrace.NONE),
            NetlinkIpSets.open(NetlinkTrace.NONE),
            NetlinkRoutes.open(NetlinkTrace.NONE),
            NetlinkConntrack.open(NetlinkTrace.NONE),
            iptables);
    Link device = kernel.routes().addDummy(NODE_DEVICE);
    for (String text : NODE_ADDRESSES) {
      IpAddress address = IpAddress.of(text);
      LinkAddress onDevice = new LinkAddress(device.index(), address, address.family().bits());
      assertThat(
              kernel.routes().execute(List.of(new RouteCommand.AddAddress(NODE_DEVICE, onDevice))))
          .isEmpty();
    }
  }

  @AfterEach
  void close() throws IOException {
    DiffSettings settings =
        new DiffSettings(new VipBinding.ByRoute(Map.of()), Bench.DEVICE, false, List.of());
    new CleanUp(kernel, Bench.ground(kernel.iptables().keySet()), settings).run();
    for (Link link : kernel.routes().link(NODE_DEVICE).stream().toList()) {
      kernel.routes().deleteLink(link);
    }
    kernel.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 102})
  void everyStepEqualsAFreshStartWhateverHappens(long seed) throws IOException {
    new TroubledLife(kernel, seed, NODE_ADDRESSES).live(STEPS);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(longs = {103, 104, 105, 106})
  void soItIsInLongLives(long seed) throws IOException {
    new TroubledLife(kernel, seed, NODE_ADDRESSES).live(300);
  }
}
