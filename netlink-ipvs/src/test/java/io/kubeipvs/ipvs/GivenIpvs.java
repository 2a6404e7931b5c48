package io.kubeipvs.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import java.io.IOException;
import java.util.List;

/** A table of IPVS to hold a contract against: what its tests put in and how they ask it. */
public interface GivenIpvs {
  ServiceKey V4 = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80);
  ServiceKey V6 = ServiceKey.of(Protocol.UDP, IpAddress.of("fd00::10"), 53);
  ServiceKey SCTP = ServiceKey.of(Protocol.SCTP, IpAddress.of("10.96.0.11"), 3868);
  ServiceKey EVERY_PORT = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.12"), 0);
  ServiceKey MARK = ServiceKey.ofMark(AddressFamily.IPV4, 0xfedc_ba98);
  ServiceKey MARK6 = ServiceKey.ofMark(AddressFamily.IPV6, 0xfedc_ba98);

  /** An empty table, the same one all through a test. */
  Ipvs table();

  static List<ServiceKey> keys() {
    return List.of(V4, V6, SCTP, EVERY_PORT, MARK, MARK6);
  }

  static VirtualService service(ServiceKey key) {
    return VirtualService.of(key, Scheduler.ROUND_ROBIN);
  }

  static RealServer server(ServiceKey key, int number) {
    String address = key.family() == AddressFamily.IPV4 ? "10.1.0." : "fd01::";
    return RealServer.masquerade(IpAddress.of(address + number), 8080, 1);
  }

  default void succeed(IpvsCommand... commands) throws IOException {
    assertThat(table().execute(List.of(commands))).isEmpty();
  }

  default void refused(Errno errno, IpvsCommand command) throws IOException {
    List<CommandFailure> failures = table().execute(List.of(command));
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0).command()).isEqualTo(command);
    assertThat(failures.get(0).cause().errno()).as(command.toString()).isEqualTo(errno);
  }

  default List<RealServer> servers(ServiceKey key) throws IOException {
    return table().servers(key).stream().map(ObservedServer::server).toList();
  }

  static Errno errno(Request request) throws IOException {
    try {
      request.send();
      return new Errno(0);
    } catch (NetlinkException e) {
      return e.errno();
    }
  }

  /** A request that may be refused. */
  interface Request {
    void send() throws IOException;
  }
}
