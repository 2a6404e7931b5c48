package io.kubeipvs.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.route.RouteCommand.AddAddress;
import io.kubeipvs.netlink.route.RouteCommand.AddRoute;
import io.kubeipvs.netlink.route.RouteCommand.DeleteAddress;
import io.kubeipvs.netlink.route.RouteCommand.DeleteRoute;
import io.kubeipvs.testing.FdLeakCheck;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** As root, in a namespace of its own, with its loopback device up. */
@ExtendWith(FdLeakCheck.class)
final class RouteNotificationsKernelIT {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final int LOOPBACK = 1;

  private Routes routes = new FakeRoutes();

  @BeforeEach
  void open() throws IOException {
    routes = NetlinkRoutes.open(NetlinkTrace.NONE);
  }

  @AfterEach
  void close() throws IOException {
    routes.close();
  }

  @Test
  void addressesOfBothFamiliesAreTold() throws IOException {
    try (RouteNotifications notifications = notifications(-1)) {
      assertThat(notifications.await(Duration.ZERO)).isFalse();
      for (String literal : List.of("127.99.0.1", "fd99::1")) {
        LinkAddress address = LinkAddress.host(LOOPBACK, IpAddress.of(literal));
        assertThat(routes.execute(List.of(new AddAddress("lo", address)))).isEmpty();
        assertThat(notifications.await(SOON)).isTrue();
        assertThat(routes.execute(List.of(new DeleteAddress("lo", address)))).isEmpty();
        assertThat(notifications.await(SOON)).isTrue();
      }
    }
  }

  @Test
  void addressesOfAnIgnoredLinkAreNotTold() throws IOException {
    LinkAddress address = LinkAddress.host(LOOPBACK, IpAddress.of("127.99.0.1"));
    try (RouteNotifications notifications = notifications(LOOPBACK)) {
      routes.execute(List.of(new AddAddress("lo", address), new DeleteAddress("lo", address)));
      assertThat(notifications.await(Duration.ZERO)).isFalse();
    }
  }

  @Test
  @RequiresKernel("dummy")
  void linksAreTold() throws IOException {
    try (RouteNotifications notifications = notifications(-1)) {
      Link dummy = routes.addDummy("told0");
      assertThat(notifications.await(SOON)).isTrue();
      routes.deleteLink(dummy);
      assertThat(notifications.await(SOON)).isTrue();
    }
  }

  @Test
  void routesAreNotTold() throws IOException {
    LocalRoute route = new LocalRoute(IpAddress.of("10.96.0.10"), Optional.empty(), 107);
    try (RouteNotifications notifications = notifications(-1)) {
      routes.execute(List.of(new AddRoute(route), new DeleteRoute(route)));
      assertThat(notifications.await(Duration.ZERO)).isFalse();
    }
  }

  /** More than the receive buffer holds: the kernel drops some, and what is left is enough. */
  @Test
  void floodIsTold() throws IOException {
    List<RouteCommand> commands = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      LinkAddress address = LinkAddress.host(LOOPBACK, IpAddress.of("127.99.0.1"));
      commands.add(i % 2 == 0 ? new AddAddress("lo", address) : new DeleteAddress("lo", address));
    }
    try (RouteNotifications notifications = notifications(-1)) {
      assertThat(routes.execute(commands)).isEmpty();
      assertThat(notifications.await(SOON)).isTrue();
      while (notifications.await(Duration.ZERO)) {}
      routes.execute(commands.subList(0, 2));
      assertThat(notifications.await(SOON)).isTrue();
    }
  }

  @Test
  @Timeout(10)
  void closeEndsTheWaiting() throws Exception {
    RouteNotifications notifications = notifications(-1);
    Callable<Boolean> wait = () -> notifications.await(Duration.ofHours(1));
    FutureTask<Boolean> waiting = new FutureTask<>(wait);
    Thread waiter = new Thread(waiting);
    waiter.start();
    while (waiter.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    notifications.close();
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(ClosedChannelException.class);
  }

  private static RouteNotifications notifications(int ignoredLink) throws IOException {
    return RouteNotifications.open(NetlinkTrace.NONE, link -> link == ignoredLink);
  }
}
