package io.kubeipvs.e2e.bench;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.ipset.SetType;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is programmed, as commands; their texts are the input of the tools. */
final class Workloads {
  static final String DEVICE = "kube-ipvs0";
  static final int ROUTE_PROTOCOL = 75;

  static final SetSpec SET = SetSpec.hash("BENCH", SetType.HASH_IP_PORT, AddressFamily.IPV4);

  private static final long FIRST_VIP = IpAddress.of("10.96.0.1").low();
  private static final long FIRST_POD = IpAddress.of("10.128.0.1").low();

  private Workloads() {}

  static IpAddress vip(int number) {
    return new IpAddress(AddressFamily.IPV4, 0, FIRST_VIP + number);
  }

  static IpAddress pod(int number) {
    return new IpAddress(AddressFamily.IPV4, 0, FIRST_POD + number);
  }

  static List<IpvsCommand> table(int services, int serversEach) {
    List<IpvsCommand> commands = new ArrayList<>(services * (serversEach + 1));
    for (int i = 0; i < services; i++) {
      ServiceKey key = ServiceKey.of(Protocol.TCP, vip(i), 80);
      commands.add(new IpvsCommand.AddService(VirtualService.of(key, Scheduler.ROUND_ROBIN)));
      for (int j = 0; j < serversEach; j++) {
        RealServer server = RealServer.masquerade(pod(i * serversEach + j), 8080, 1);
        commands.add(new IpvsCommand.AddServer(key, server));
      }
    }
    return commands;
  }

  static List<SetCommand> set(int entries) {
    List<SetCommand> commands = new ArrayList<>(entries + 1);
    commands.add(new SetCommand.Create(SET));
    for (int i = 0; i < entries; i++) {
      SetEntry entry = new SetEntry.IpPort(vip(i), Protocol.TCP, 80);
      commands.add(new SetCommand.Add(SET.name(), entry));
    }
    return commands;
  }

  static List<RouteCommand> routes(int vips) {
    List<RouteCommand> commands = new ArrayList<>(vips);
    for (int i = 0; i < vips; i++) {
      commands.add(
          new RouteCommand.AddRoute(new LocalRoute(vip(i), Optional.empty(), ROUTE_PROTOCOL)));
    }
    return commands;
  }

  static List<RouteCommand> addresses(int linkIndex, int vips) {
    List<RouteCommand> commands = new ArrayList<>(vips);
    for (int i = 0; i < vips; i++) {
      commands.add(new RouteCommand.AddAddress(DEVICE, LinkAddress.host(linkIndex, vip(i))));
    }
    return commands;
  }
}
