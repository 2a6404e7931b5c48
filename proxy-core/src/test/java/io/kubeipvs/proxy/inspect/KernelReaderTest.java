package io.kubeipvs.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.inspect.KernelReader.Content;
import io.kubeipvs.proxy.sync.FakeKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelReaderTest {
  private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.1"), 80);

  private final FakeKernel kernel = new FakeKernel();
  private final KernelReader reader = reader(new FakeGates(kernel.gateways()));

  private static KernelReader reader(KernelGates gates) {
    return new KernelReader(gates, new SystemFiles(Path.of("/nowhere")));
  }

  @Test
  void whatIsNotAskedForIsMissingAndSaysSo() {
    KernelState state = reader.read(Set.of(Content.SETS));

    assertThat(state.sets().isPresent()).isTrue();
    assertThat(state.ipvs()).isEqualTo(Part.missing("not read"));
    assertThat(state.routing().isPresent()).isTrue();
  }

  /** No module, no privileges: the other parts are read nevertheless. */
  @Test
  void whatCannotBeReadSaysWhy() {
    KernelState state =
        reader(new Closed(new FakeGates(kernel.gateways())))
            .read(Set.of(Content.IPVS, Content.SETS, Content.RULES));

    assertThat(state.ipvs()).isEqualTo(Part.missing("this kernel has no IPVS"));
    assertThat(state.sets().isPresent()).isTrue();
    assertThat(state.rules().isPresent()).isTrue();
  }

  private record Closed(KernelGates others) implements KernelGates {
    @Override
    public Ipvs ipvs() throws IOException {
      throw new IOException("this kernel has no IPVS");
    }

    @Override
    public IpSets sets() throws IOException {
      return others.sets();
    }

    @Override
    public Routes routes() throws IOException {
      return others.routes();
    }

    @Override
    public Conntrack conntrack() throws IOException {
      return others.conntrack();
    }

    @Override
    public List<ToolRules> rules() throws IOException {
      return others.rules();
    }
  }

  @Test
  void doubtfulServicesAreReadAnewAndThoseThatAreGoneLeftOut() throws IOException {
    RealServer server = RealServer.masquerade(IpAddress.of("10.1.0.1"), 8080, 1);
    kernel.ipvs.execute(
        List.of(
            new IpvsCommand.AddService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN)),
            new IpvsCommand.AddServer(WEB, server)));
    ServiceKey gone = ServiceKey.of(Protocol.UDP, IpAddress.of("10.96.0.2"), 53);
    IpvsTable shown =
        new IpvsTable(
            new IpvsInfo(0, 0),
            new IpvsTimeouts(0, 0, 0),
            List.of(
                new IpvsTable.Entry(
                    VirtualService.of(WEB, Scheduler.ROUND_ROBIN), Statistics.ZERO, List.of()),
                new IpvsTable.Entry(
                    VirtualService.of(gone, Scheduler.ROUND_ROBIN), Statistics.ZERO, List.of())));

    IpvsTable verified = reader.verified(shown, Set.of(WEB, gone));

    assertThat(verified.entries()).hasSize(1);
    assertThat(verified.entries().get(0).servers().get(0).server()).isEqualTo(server);
  }
}
