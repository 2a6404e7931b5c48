package io.kubeipvs.ipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ForwardingMethod;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceFlags;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Tunnel;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.testing.RequiresKernel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@RequiresKernel({"ip_vs", "/proc/net/ip_vs"})
final class ProcIpVsKernelIT {
  private static final List<ServiceKey> KEYS =
      List.of(
          ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80),
          ServiceKey.of(Protocol.SCTP, IpAddress.of("255.255.255.254"), 65535),
          ServiceKey.of(Protocol.UDP, IpAddress.of("fd00:1:2:3:4:5:6:7"), 53),
          ServiceKey.of(new Protocol(50), IpAddress.of("10.96.0.10"), 80),
          ServiceKey.ofMark(AddressFamily.IPV4, -1),
          ServiceKey.ofMark(AddressFamily.IPV6, -1));

  private static final int FLAGS =
      ServiceFlags.PERSISTENT | ServiceFlags.ONE_PACKET | ServiceFlags.SCHEDULER_1;

  @Test
  void textSaysWhatTheDumpsSay() throws IOException {
    try (NetlinkIpvs ipvs = NetlinkIpvs.open(NetlinkTrace.NONE)) {
      ipvs.flush();
      assertThat(ipvs.execute(table())).isEmpty();
      ProcIpVs text = read();
      assertThat(text.marks()).isEqualTo(2);
      assertThat(text.services()).hasSize(4).isEqualTo(dumps(ipvs));
      ipvs.flush();
      assertThat(read()).isEqualTo(new ProcIpVs(Map.of(), 0));
    }
  }

  private static ProcIpVs read() throws IOException {
    try (BufferedReader in = Files.newBufferedReader(Path.of("/proc/net/ip_vs"))) {
      return ProcIpVs.read(in);
    }
  }

  private static List<IpvsCommand> table() {
    List<IpvsCommand> commands = new ArrayList<>();
    for (ServiceKey key : KEYS) {
      commands.add(
          new AddService(VirtualService.of(key, Scheduler.SOURCE_HASHING).withFlags(FLAGS)));
      for (int method = 0; method < 4; method++) {
        commands.add(new AddServer(key, server(key.family(), method)));
      }
      commands.add(new AddServer(key, server(key.family().other(), 2)));
    }
    return commands;
  }

  private static RealServer server(AddressFamily family, int method) {
    String prefix = family == AddressFamily.IPV4 ? "10.1.0.1" : "fd01::1";
    ServerKey key = new ServerKey(IpAddress.of(prefix + method), 8080 + method);
    return new RealServer(key, new ForwardingMethod(method), method * 1000, 0, 0, Tunnel.DEFAULT);
  }

  private static Map<ServiceKey, List<ProcIpVs.Server>> dumps(NetlinkIpvs ipvs) throws IOException {
    Map<ServiceKey, List<ProcIpVs.Server>> services = new LinkedHashMap<>();
    for (ObservedService service : ipvs.services()) {
      ServiceKey key = service.service().key();
      if (key instanceof ServiceKey.Address) {
        services.put(key, ipvs.servers(key).stream().map(ProcIpVs.Server::of).toList());
      }
    }
    return services;
  }
}
