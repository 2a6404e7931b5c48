package io.kubeipvs.ipvs;

import static io.kubeipvs.ipvs.GivenIpvs.errno;
import static io.kubeipvs.ipvs.GivenIpvs.keys;
import static io.kubeipvs.ipvs.GivenIpvs.server;
import static io.kubeipvs.ipvs.GivenIpvs.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.IpvsCommand.DeleteServer;
import io.kubeipvs.ipvs.IpvsCommand.DeleteService;
import io.kubeipvs.ipvs.IpvsCommand.UpdateServer;
import io.kubeipvs.ipvs.IpvsCommand.UpdateService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every table of IPVS does, the kernel's and the fake: what it keeps, what it refuses and with
 * which error number. The kernel it was written against is 6.1.
 */
public interface IpvsContract
    extends VirtualServiceContract, RealServerContract, SyncDaemonContract {
  @Test
  default void emptyTableHasNothing() throws IOException {
    assertThat(table().services()).isEmpty();
    assertThat(table().execute(List.of())).isEmpty();
    assertThat(table().info().versionText()).isEqualTo("1.2.1");
    assertThat(table().info().connectionTableSize()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipvs.GivenIpvs#keys")
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
  @MethodSource("io.kubeipvs.ipvs.GivenIpvs#keys")
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
  default void negativeTimeoutIsRefused() throws IOException {
    assertThat(errno(() -> table().setTimeouts(new IpvsTimeouts(-1, 0, 0))))
        .isEqualTo(Errno.EINVAL);
  }
}
