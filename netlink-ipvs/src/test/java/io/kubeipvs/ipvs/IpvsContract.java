package io.kubeipvs.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.IpvsCommand.DeleteServer;
import io.kubeipvs.ipvs.IpvsCommand.DeleteService;
import io.kubeipvs.ipvs.IpvsCommand.UpdateServer;
import io.kubeipvs.ipvs.IpvsCommand.UpdateService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every table of IPVS does, the kernel's and the fake: what it keeps, what it refuses and with
 * which error number. The kernel it was written against is 6.1.
 */
public interface IpvsContract {
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

  private void succeed(IpvsCommand... commands) throws IOException {
    assertThat(table().execute(List.of(commands))).isEmpty();
  }

  private void refused(Errno errno, IpvsCommand command) throws IOException {
    List<CommandFailure> failures = table().execute(List.of(command));
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0).command()).isEqualTo(command);
    assertThat(failures.get(0).cause().errno()).as(command.toString()).isEqualTo(errno);
  }

  private List<RealServer> servers(ServiceKey key) throws IOException {
    return table().servers(key).stream().map(ObservedServer::server).toList();
  }

  private static Errno errno(Request request) throws IOException {
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

  @Test
  default void emptyTableHasNothing() throws IOException {
    assertThat(table().services()).isEmpty();
    assertThat(table().execute(List.of())).isEmpty();
    assertThat(table().info().versionText()).isEqualTo("1.2.1");
    assertThat(table().info().connectionTableSize()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipvs.IpvsContract#keys")
  default void addedServiceIsReadBack(ServiceKey key) throws IOException {
    succeed(new AddService(service(key)));
    ObservedService expected = new ObservedService(service(key), Statistics.ZERO);
    assertThat(table().services()).containsExactly(expected);
    assertThat(table().services(key.family())).containsExactly(expected);
    assertThat(table().services(key.family().other())).isEmpty();
    assertThat(table().service(key)).contains(expected);
    assertThat(table().servers(key)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipvs.IpvsContract#keys")
  default void serversAreReadBackNewestFirst(ServiceKey key) throws IOException {
    RealServer first = server(key, 1);
    RealServer second = server(key, 2);
    RealServer third = server(key, 3);
    succeed(
        new AddService(service(key)),
        new AddServer(key, second),
        new AddServer(key, first),
        new AddServer(key, third));
    assertThat(servers(key)).containsExactly(third, first, second);
    assertThat(table().servers(key).get(0))
        .isEqualTo(new ObservedServer(third, 0, 0, 0, Statistics.ZERO));
  }

  @Test
  default void sameAddressAndPortOfAnotherProtocolIsAnotherService() throws IOException {
    ServiceKey udp = ServiceKey.of(Protocol.UDP, IpAddress.of("10.96.0.10"), 80);
    succeed(
        new AddService(service(V4)),
        new AddService(service(udp)),
        new AddServer(V4, server(V4, 1)),
        new AddServer(udp, server(V4, 2)));
    assertThat(servers(V4)).containsExactly(server(V4, 1));
    assertThat(servers(udp)).containsExactly(server(V4, 2));
  }

  @Test
  default void aMarkOfEachFamilyIsAServiceOfItsOwn() throws IOException {
    succeed(new AddService(service(MARK)), new AddService(service(MARK6)));
    assertThat(table().services()).hasSize(2);
    succeed(new DeleteService(MARK));
    assertThat(table().service(MARK)).isEmpty();
    assertThat(table().service(MARK6)).isPresent();
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipvs.IpvsContract#keys")
  default void whatIsMissingCannotBeChanged(ServiceKey key) throws IOException {
    RealServer server = server(key, 1);
    refused(Errno.ESRCH, new UpdateService(service(key)));
    refused(Errno.ESRCH, new DeleteService(key));
    refused(Errno.ESRCH, new AddServer(key, server));
    refused(Errno.ESRCH, new UpdateServer(key, server));
    refused(Errno.ESRCH, new DeleteServer(key, server.key()));
    succeed(new AddService(service(key)));
    refused(Errno.ENOENT, new UpdateServer(key, server));
    refused(Errno.ENOENT, new DeleteServer(key, server.key()));
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipvs.IpvsContract#keys")
  default void whatExistsCannotBeAdded(ServiceKey key) throws IOException {
    RealServer server = server(key, 1);
    succeed(new AddService(service(key)), new AddServer(key, server));
    refused(Errno.EEXIST, new AddService(VirtualService.of(key, Scheduler.SOURCE_HASHING)));
    refused(Errno.EEXIST, new AddServer(key, server.withWeight(7)));
    assertThat(table().service(key).orElseThrow().service()).isEqualTo(service(key));
    assertThat(servers(key)).containsExactly(server);
  }

  @Test
  default void missingServiceHasNoServersAndCannotBeZeroed() throws IOException {
    assertThat(table().service(V4)).isEmpty();
    assertThat(table().servers(V4)).isEmpty();
    assertThat(errno(() -> table().zero(V4))).isEqualTo(Errno.ESRCH);
  }

  @Test
  default void updateInPlaceKeepsTheServers() throws IOException {
    VirtualService changed =
        new VirtualService(
            V4,
            Scheduler.SOURCE_HASHING,
            ServiceFlags.NONE.with(ServiceFlags.PERSISTENT | ServiceFlags.SCHEDULER_2),
            360,
            0xffff_ff00,
            "");
    succeed(
        new AddService(service(V4)), new AddServer(V4, server(V4, 1)), new UpdateService(changed));
    assertThat(table().service(V4).orElseThrow().service()).isEqualTo(changed);
    assertThat(servers(V4)).containsExactly(server(V4, 1));
    succeed(new UpdateService(service(V4)));
    assertThat(table().service(V4).orElseThrow().service()).isEqualTo(service(V4));
  }

  @Test
  default void updatedServerKeepsItsPlace() throws IOException {
    RealServer changed =
        new RealServer(
            server(V4, 1).key(), ForwardingMethod.DIRECT_ROUTE, 0, 100, 50, Tunnel.DEFAULT);
    succeed(
        new AddService(service(V4)),
        new AddServer(V4, server(V4, 1)),
        new AddServer(V4, server(V4, 2)),
        new UpdateServer(V4, changed));
    assertThat(servers(V4)).containsExactly(server(V4, 2), changed);
  }

  @Test
  default void deletedServerLeavesTheOthers() throws IOException {
    succeed(
        new AddService(service(V6)),
        new AddServer(V6, server(V6, 1)),
        new AddServer(V6, server(V6, 2)),
        new DeleteServer(V6, server(V6, 1).key()));
    assertThat(servers(V6)).containsExactly(server(V6, 2));
  }

  @Test
  default void deletedServiceTakesItsServersAlong() throws IOException {
    succeed(
        new AddService(service(V4)),
        new AddServer(V4, server(V4, 1)),
        new DeleteService(V4),
        new AddService(service(V4)));
    assertThat(servers(V4)).isEmpty();
  }

  @Test
  default void everyFlagIsKept() throws IOException {
    for (int bit :
        new int[] {
          ServiceFlags.ONE_PACKET,
          ServiceFlags.SCHEDULER_1,
          ServiceFlags.SCHEDULER_2,
          ServiceFlags.SCHEDULER_3,
          0x40,
          0x8000_0000
        }) {
      VirtualService flagged = service(V6).withFlags(bit);
      succeed(new AddService(flagged));
      assertThat(table().service(V6).orElseThrow().service()).isEqualTo(flagged);
      succeed(new DeleteService(V6));
    }
  }

  @Test
  default void persistenceIsKeptWithMaskAndEngine() throws IOException {
    VirtualService sticky = service(V6).withPersistence(10_800);
    VirtualService masked =
        new VirtualService(
            V6, sticky.scheduler(), sticky.flags(), sticky.persistenceSeconds(), 64, "sip");
    succeed(new AddService(masked));
    assertThat(table().service(V6).orElseThrow().service()).isEqualTo(masked);
  }

  @Test
  default void anotherEngineOrNoneReplacesTheFirst() throws IOException {
    VirtualService plain = service(V6).withPersistence(60);
    VirtualService sip =
        new VirtualService(V6, plain.scheduler(), plain.flags(), 60, plain.netmask(), "sip");
    succeed(new AddService(plain), new UpdateService(sip));
    assertThat(table().service(V6).orElseThrow().service()).isEqualTo(sip);
    succeed(new UpdateService(plain));
    assertThat(table().service(V6).orElseThrow().service()).isEqualTo(plain);
  }

  @Test
  default void unknownSchedulerAndEngineAreRefused() throws IOException {
    refused(Errno.ENOENT, new AddService(VirtualService.of(V4, new Scheduler("nosuch"))));
    VirtualService engine =
        new VirtualService(V4, Scheduler.ROUND_ROBIN, ServiceFlags.NONE, 0, -1, "nosuch");
    refused(Errno.ENOENT, new AddService(engine));
    assertThat(table().services()).isEmpty();
    succeed(new AddService(service(V4)));
    refused(Errno.ENOENT, new UpdateService(VirtualService.of(V4, new Scheduler("nosuch"))));
    refused(Errno.ENOENT, new UpdateService(engine));
    assertThat(table().service(V4).orElseThrow().service()).isEqualTo(service(V4));
  }

  @Test
  default void everySchedulerIsKept() throws IOException {
    for (String name :
        List.of(
            "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "mh", "fo",
            "ovf")) {
      VirtualService service = VirtualService.of(V4, new Scheduler(name));
      succeed(new AddService(service));
      assertThat(table().service(V4).orElseThrow().service()).isEqualTo(service);
      succeed(new DeleteService(V4));
    }
  }

  @Test
  default void prefixLengthOutOfRangeIsRefused() throws IOException {
    for (int length : new int[] {0, 129, -1}) {
      refused(
          Errno.EINVAL,
          new AddService(
              new VirtualService(V6, Scheduler.ROUND_ROBIN, ServiceFlags.NONE, 0, length, "")));
    }
  }

  @Test
  default void anyProtocolNumberIsKept() throws IOException {
    ServiceKey esp = ServiceKey.of(new Protocol(50), IpAddress.of("10.96.0.10"), 80);
    succeed(new AddService(service(esp)));
    assertThat(table().service(esp).orElseThrow().service()).isEqualTo(service(esp));
    succeed(new DeleteService(esp));
  }

  @Test
  default void everyMethodAndTunnelIsKept() throws IOException {
    List<RealServer> servers =
        List.of(
            method(1, ForwardingMethod.MASQUERADE, Tunnel.DEFAULT),
            method(2, ForwardingMethod.LOCAL, Tunnel.DEFAULT),
            method(3, ForwardingMethod.TUNNEL, Tunnel.DEFAULT),
            method(4, ForwardingMethod.DIRECT_ROUTE, Tunnel.DEFAULT),
            method(5, ForwardingMethod.TUNNEL, new Tunnel(Tunnel.GUE, 6080, Tunnel.NO_CHECKSUM)),
            method(
                6, ForwardingMethod.TUNNEL, new Tunnel(Tunnel.GUE, 6080, Tunnel.REMOTE_CHECKSUM)),
            method(7, ForwardingMethod.TUNNEL, new Tunnel(Tunnel.GRE, 0, Tunnel.CHECKSUM)));
    succeed(new AddService(service(V4)));
    for (RealServer server : servers) {
      succeed(new AddServer(V4, server));
      assertThat(servers(V4)).containsExactly(server);
      succeed(new DeleteServer(V4, server.key()));
    }
  }

  private static RealServer method(int number, ForwardingMethod method, Tunnel tunnel) {
    return new RealServer(server(V4, number).key(), method, 1, 0, 0, tunnel);
  }

  @Test
  default void onlyATunnelCrossesFamilies() throws IOException {
    succeed(new AddService(service(V6)));
    refused(Errno.EINVAL, new AddServer(V6, server(V4, 1)));
    RealServer tunnel = method(1, ForwardingMethod.TUNNEL, Tunnel.DEFAULT);
    succeed(new AddServer(V6, tunnel));
    assertThat(servers(V6)).containsExactly(tunnel);
  }

  @Test
  default void udpTunnelNeedsAPort() throws IOException {
    succeed(new AddService(service(V4)));
    Tunnel noPort = new Tunnel(Tunnel.GUE, 0, Tunnel.NO_CHECKSUM);
    refused(Errno.EINVAL, new AddServer(V4, method(1, ForwardingMethod.TUNNEL, noPort)));
  }

  @Test
  default void largeWeightsAndThresholdsAreKeptNegativeWeightsRefused() throws IOException {
    succeed(new AddService(service(V4)));
    RealServer large =
        new RealServer(
            server(V4, 1).key(),
            ForwardingMethod.MASQUERADE,
            Integer.MAX_VALUE,
            0xffff_ffff,
            0xffff_fffe,
            Tunnel.DEFAULT);
    succeed(new AddServer(V4, large));
    assertThat(servers(V4)).containsExactly(large);
    refused(Errno.ERANGE, new AddServer(V4, server(V4, 2).withWeight(-1)));
    refused(Errno.ERANGE, new UpdateServer(V4, server(V4, 1).withWeight(-1)));
    assertThat(servers(V4)).containsExactly(large);
  }

  @Test
  default void lowerThresholdAboveTheUpperIsRefused() throws IOException {
    succeed(new AddService(service(V4)));
    RealServer server =
        new RealServer(server(V4, 1).key(), ForwardingMethod.MASQUERADE, 1, 10, 11, Tunnel.DEFAULT);
    refused(Errno.ERANGE, new AddServer(V4, server));
    refused(Errno.ERANGE, new UpdateServer(V4, server));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "fe80::1",
        "ff02::1",
        "::ffff:10.1.0.1"
      })
  default void serverNeedsARoutableUnicastAddress(String address) throws IOException {
    RealServer server = RealServer.masquerade(IpAddress.of(address), 80, 1);
    ServiceKey key = server.key().address().family() == AddressFamily.IPV4 ? V4 : V6;
    succeed(new AddService(service(key)));
    refused(Errno.EINVAL, new AddServer(key, server));
    assertThat(servers(key)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.2.3", "127.0.0.1", "240.0.0.1", "::1", "fec0::1", "::10.1.0.1"})
  default void unusualUnicastAddressesAreTakenAsServers(String address) throws IOException {
    RealServer server = RealServer.masquerade(IpAddress.of(address), 80, 1);
    ServiceKey key = server.key().address().family() == AddressFamily.IPV4 ? V4 : V6;
    succeed(new AddService(service(key)), new AddServer(key, server));
    assertThat(servers(key)).containsExactly(server);
  }

  @Test
  default void refusedCommandStopsNoOther() throws IOException {
    AddService duplicate = new AddService(service(V4));
    DeleteServer missing = new DeleteServer(V4, server(V4, 9).key());
    DeleteService unknown = new DeleteService(V6);
    List<CommandFailure> failures =
        table()
            .execute(
                List.of(
                    new AddService(service(V4)),
                    duplicate,
                    new AddServer(V4, server(V4, 1)),
                    missing,
                    new AddServer(V4, server(V4, 2)),
                    unknown));
    assertThat(failures)
        .extracting(CommandFailure::command)
        .containsExactly(duplicate, missing, unknown);
    assertThat(failures)
        .extracting(failure -> failure.cause().errno())
        .containsExactly(Errno.EEXIST, Errno.ENOENT, Errno.ESRCH);
    assertThat(failures)
        .extracting(failure -> failure.cause().request())
        .containsExactly(
            "IPVS NEW_SERVICE TCP 10.96.0.10:80",
            "IPVS DEL_DEST TCP 10.96.0.10:80 -> 10.1.0.9:8080",
            "IPVS DEL_SERVICE UDP [fd00::10]:53");
    assertThat(servers(V4)).containsExactly(server(V4, 2), server(V4, 1));
  }

  @Test
  default void thousandsOfCommandsGoInOneCall() throws IOException {
    List<IpvsCommand> commands = new ArrayList<>();
    commands.add(new AddService(service(V4)));
    for (int i = 0; i < 3000; i++) {
      IpAddress address = new IpAddress(AddressFamily.IPV4, 0, 0x0a02_0000L + i + 1);
      RealServer server = RealServer.masquerade(address, 80, 1);
      commands.add(new AddServer(V4, server));
      commands.add(new AddServer(V4, server));
    }
    List<CommandFailure> failures = table().execute(commands);
    assertThat(failures).hasSize(3000);
    assertThat(failures.get(2999).command()).isEqualTo(commands.get(6000));
    assertThat(table().servers(V4)).hasSize(3000);
  }

  @Test
  default void flushEmptiesTheTable() throws IOException {
    for (ServiceKey key : keys()) {
      succeed(new AddService(service(key)), new AddServer(key, server(key, 1)));
    }
    assertThat(table().services()).hasSize(keys().size());
    table().flush();
    assertThat(table().services()).isEmpty();
    table().flush();
  }

  @Test
  default void zeroKeepsServicesAndServers() throws IOException {
    succeed(new AddService(service(V4)), new AddServer(V4, server(V4, 1)));
    table().zero();
    table().zero(V4);
    assertThat(table().services()).hasSize(1);
    assertThat(servers(V4)).containsExactly(server(V4, 1));
  }

  @Test
  default void timeoutOfZeroKeepsWhatIsSet() throws IOException {
    IpvsTimeouts before = table().timeouts();
    table().setTimeouts(new IpvsTimeouts(1000, 0, 30));
    assertThat(table().timeouts()).isEqualTo(new IpvsTimeouts(1000, before.tcpFinSeconds(), 30));
    table().setTimeouts(before);
    assertThat(table().timeouts()).isEqualTo(before);
  }

  @Test
  default void negativeTimeoutIsRefused() {
    assertThat(errnoOf(() -> table().setTimeouts(new IpvsTimeouts(-1, 0, 0))))
        .isEqualTo(Errno.EINVAL);
  }

  private static Errno errnoOf(Request request) {
    try {
      return errno(request);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  default void daemonsRunUntilStopped() throws IOException {
    SyncDaemon master =
        new SyncDaemon(
            SyncDaemon.State.MASTER,
            "lo",
            7,
            1000,
            Optional.of(IpAddress.of("224.0.0.99")),
            9000,
            3);
    assertThat(table().daemons()).isEmpty();
    table().startDaemon(master);
    assertThat(table().daemons()).containsExactly(master);
    assertThat(errno(() -> table().startDaemon(master))).isEqualTo(Errno.EEXIST);
    table().stopDaemon(SyncDaemon.State.MASTER);
    assertThat(table().daemons()).isEmpty();
    assertThat(errno(() -> table().stopDaemon(SyncDaemon.State.MASTER))).isEqualTo(Errno.ESRCH);
  }

  @Test
  default void daemonGetsTheKernelsDefaults() throws IOException {
    table()
        .startDaemon(new SyncDaemon(SyncDaemon.State.BACKUP, "lo", 3, 0, Optional.empty(), 0, 0));
    assertThat(table().daemons())
        .containsExactly(
            new SyncDaemon(
                SyncDaemon.State.BACKUP,
                "lo",
                3,
                65_507,
                Optional.of(IpAddress.of("224.0.0.81")),
                8848,
                1));
    table().stopDaemon(SyncDaemon.State.BACKUP);
  }

  @Test
  default void daemonNeedsAnInterface() throws IOException {
    SyncDaemon daemon =
        new SyncDaemon(SyncDaemon.State.MASTER, "nosuch0", 1, 0, Optional.empty(), 0, 0);
    assertThat(errno(() -> table().startDaemon(daemon))).isEqualTo(Errno.ENODEV);
    assertThat(table().daemons()).isEmpty();
  }
}
