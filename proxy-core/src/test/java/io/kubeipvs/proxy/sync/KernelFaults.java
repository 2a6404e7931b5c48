package io.kubeipvs.proxy.sync;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Somebody who changes at random what is ours in a kernel, behind the proxy's back. */
final class KernelFaults {
  private final Kernel kernel;
  private final Random random;

  KernelFaults(Kernel kernel, Random random) {
    this.kernel = kernel;
    this.random = random;
  }

  /** Does something; what it was, for a failure's message. */
  String inflict() throws IOException {
    return switch (random.nextInt(10)) {
      case 0, 1 -> service();
      case 2, 3, 4 -> server();
      case 5, 6 -> entry();
      case 7 -> vip();
      case 8 -> rules();
      default -> set();
    };
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String service() throws IOException {
    List<ObservedService> services = kernel.ipvs().services();
    if (services.isEmpty()) {
      return "nothing, there are no services";
    }
    VirtualService service = one(services).service();
    return ipvs(
        random.nextBoolean()
            ? new IpvsCommand.DeleteService(service.key())
            : new IpvsCommand.UpdateService(
                new VirtualService(
                    service.key(),
                    Scheduler.WEIGHTED_ROUND_ROBIN,
                    service.flags(),
                    service.persistenceSeconds(),
                    service.netmask(),
                    service.persistenceEngine())));
  }

  private String server() throws IOException {
    List<ObservedService> services = kernel.ipvs().services();
    if (services.isEmpty()) {
      return "nothing, there are no services";
    }
    var key = one(services).service().key();
    List<ObservedServer> servers = kernel.ipvs().servers(key);
    if (servers.isEmpty() || random.nextInt(3) == 0) {
      String alien = key.family() == AddressFamily.IPV4 ? "10.9.9.9" : "fd00:9::9";
      return ipvs(
          new IpvsCommand.AddServer(key, RealServer.masquerade(IpAddress.of(alien), 99, 1)));
    }
    RealServer server = one(servers).server();
    return ipvs(
        random.nextBoolean()
            ? new IpvsCommand.DeleteServer(key, server.key())
            : new IpvsCommand.UpdateServer(key, server.withWeight(random.nextInt(3) * 5)));
  }

  private String ipvs(IpvsCommand command) throws IOException {
    assertThat(kernel.ipvs().execute(List.of(command))).isEmpty();
    return "ipvsadm " + command;
  }

  private String entry() throws IOException {
    List<SetCommand> possible = new ArrayList<>();
    for (SetName name : KubeSets.ALL.keySet()) {
      for (ObservedSet set : kernel.sets().list(name).stream().toList()) {
        set.entries().forEach(entry -> possible.add(new SetCommand.Delete(name, entry)));
        possible.add(new SetCommand.Flush(name));
      }
    }
    return sets(one(possible));
  }

  private String sets(SetCommand command) throws IOException {
    assertThat(kernel.sets().execute(List.of(command))).isEmpty();
    return "ipset " + command;
  }

  private String vip() throws IOException {
    List<RouteCommand> possible = new ArrayList<>();
    Link device = kernel.routes().link(Bench.DEVICE).orElseThrow();
    for (AddressFamily family : AddressFamily.values()) {
      for (LocalRoute route : kernel.routes().localRoutes(family, VipBinding.ROUTE_PROTOCOL)) {
        possible.add(new RouteCommand.DeleteRoute(route));
      }
      for (LinkAddress address : kernel.routes().addresses(family)) {
        if (address.linkIndex() == device.index()) {
          possible.add(new RouteCommand.DeleteAddress(Bench.DEVICE, address));
        }
      }
    }
    if (possible.isEmpty()) {
      kernel.routes().deleteLink(device);
      return "ip link del " + Bench.DEVICE;
    }
    RouteCommand command = one(possible);
    assertThat(kernel.routes().execute(List.of(command))).isEmpty();
    return "ip " + command;
  }

  /** All of one family's. */
  private String rules() throws IOException {
    AddressFamily family = one(List.of(AddressFamily.values()));
    remove(family);
    return "no rules of " + family;
  }

  private void remove(AddressFamily family) throws IOException {
    Iptables tool = requireNonNull(kernel.iptables().get(family));
    RuleSet all = requireNonNull(Bench.ground(kernel.iptables().keySet()).rules().get(family));
    Restore restore = RuleDiffer.diff(all.removal(), tool.save());
    if (!restore.isEmpty()) {
      tool.restore(restore);
    }
  }

  /** One that rules use: they have to go first. */
  private String set() throws IOException {
    SetSpec spec = one(List.copyOf(KubeSets.ALL.values()));
    for (AddressFamily family : AddressFamily.values()) {
      remove(family);
    }
    return sets(new SetCommand.Destroy(spec.name()));
  }
}
