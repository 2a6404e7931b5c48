package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.sync.FakeKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Into a kernel in memory. */
record FakeGates(Kernel kernel) implements KernelGates {

  /** All of that kernel. */
  static KernelState read(FakeKernel kernel) {
    KernelState read =
        new KernelReader(new FakeGates(kernel.gateways()), new SystemFiles(Path.of("/nowhere")))
            .read(EnumSet.allOf(KernelReader.Content.class));
    return new KernelState(
        "6.1.0",
        kernel.gateways().iptables().containsKey(AddressFamily.IPV6),
        read.ipvs(),
        read.sets(),
        read.routing(),
        read.rules(),
        read.connections(),
        read.flows(),
        read.schedulers(),
        read.sysctls());
  }

  @Override
  public Ipvs ipvs() {
    return kernel.ipvs();
  }

  @Override
  public IpSets sets() {
    return kernel.sets();
  }

  @Override
  public Routes routes() {
    return kernel.routes();
  }

  @Override
  public Conntrack conntrack() {
    return kernel.conntrack();
  }

  @Override
  public List<ToolRules> rules() throws IOException {
    List<ToolRules> rules = new ArrayList<>();
    for (Map.Entry<AddressFamily, Iptables> each : kernel.iptables().entrySet()) {
      rules.add(new ToolRules(each.getKey(), "fake", true, each.getValue().save()));
    }
    return rules;
  }
}
