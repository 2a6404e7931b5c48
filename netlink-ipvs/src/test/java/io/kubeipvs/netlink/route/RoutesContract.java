package io.kubeipvs.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.route.RouteCommand.AddAddress;
import io.kubeipvs.netlink.route.RouteCommand.AddRoute;
import io.kubeipvs.netlink.route.RouteCommand.DeleteAddress;
import io.kubeipvs.netlink.route.RouteCommand.DeleteRoute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What every implementation of {@link Routes} does. Implementations give it a namespace in which
 * nobody else makes links, with its loopback device up.
 */
public interface RoutesContract {
  String DUMMY = "contract0";
  int OURS = 107;
  int OTHERS = 108;

  Routes routes();

  @Test
  default void loopbackIsTheFirstLink() throws IOException {
    assertThat(routes().links()).contains(new Link(1, "lo", "", true));
    assertThat(routes().link("lo")).contains(new Link(1, "lo", "", true));
    assertThat(routes().link("contract9")).isEmpty();
  }

  @Test
  default void dummyIsBornDown() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    assertThat(dummy).isEqualTo(new Link(dummy.index(), DUMMY, "dummy", false));
    assertThat(routes().link(DUMMY)).contains(dummy);
    assertThat(routes().links()).contains(dummy);
  }

  @Test
  default void linkThatExistsIsRefused() throws IOException {
    routes().addDummy(DUMMY);
    refused(() -> routes().addDummy(DUMMY), Errno.EEXIST);
  }

  @Test
  default void nameThatIsTooLongIsRefused() {
    refused(() -> routes().addDummy("a-name-of-16-chr"), Errno.ERANGE);
  }

  @Test
  default void linkThatIsGoneCannotBeDeleted() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    routes().deleteLink(dummy);
    assertThat(routes().link(DUMMY)).isEmpty();
    refused(() -> routes().deleteLink(dummy), Errno.ENODEV);
  }

  @Test
  default void loopbackCannotBeDeleted() {
    refused(() -> routes().deleteLink(new Link(1, "lo", "", true)), Errno.EOPNOTSUPP);
  }

  @Test
  default void addressesAreOfTheFamilyAskedFor() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    LinkAddress v4 = LinkAddress.host(dummy.index(), IpAddress.of("10.99.0.1"));
    LinkAddress v6 = LinkAddress.host(dummy.index(), IpAddress.of("fd99::1"));
    executed(new AddAddress(DUMMY, v4), new AddAddress(DUMMY, v6));
    assertThat(on(dummy, AddressFamily.IPV4)).containsExactly(v4);
    assertThat(on(dummy, AddressFamily.IPV6)).containsExactly(v6);
  }

  @Test
  default void addressOfANetworkKeepsItsPrefixLength() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    LinkAddress v4 = new LinkAddress(dummy.index(), IpAddress.of("10.99.0.1"), 24);
    LinkAddress v6 = new LinkAddress(dummy.index(), IpAddress.of("fd99::1"), 64);
    executed(new AddAddress(DUMMY, v4), new AddAddress(DUMMY, v6));
    assertThat(on(dummy, AddressFamily.IPV4)).containsExactly(v4);
    assertThat(on(dummy, AddressFamily.IPV6)).containsExactly(v6);
  }

  @Test
  default void addressesCanBeAddedAndDeletedTwice() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    for (String literal : List.of("10.99.0.1", "fd99::1")) {
      LinkAddress address = LinkAddress.host(dummy.index(), IpAddress.of(literal));
      executed(new AddAddress(DUMMY, address), new AddAddress(DUMMY, address));
      assertThat(on(dummy, address.address().family())).containsExactly(address);
      executed(new DeleteAddress(DUMMY, address), new DeleteAddress(DUMMY, address));
      assertThat(on(dummy, address.address().family())).isEmpty();
    }
  }

  @Test
  default void addressesGoWithTheirLink() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    LinkAddress address = LinkAddress.host(dummy.index(), IpAddress.of("10.99.0.1"));
    executed(new AddAddress(DUMMY, address));
    routes().deleteLink(dummy);
    assertThat(on(dummy, AddressFamily.IPV4)).isEmpty();
    executed(new DeleteAddress(DUMMY, address));
  }

  @Test
  default void addressForALinkThatIsGoneIsRefused() throws IOException {
    for (String literal : List.of("10.99.0.1", "fd99::1")) {
      AddAddress command =
          new AddAddress(DUMMY, LinkAddress.host(1_000_000, IpAddress.of(literal)));
      List<RouteFailure> failures = routes().execute(List.of(command));
      assertThat(failures).extracting(RouteFailure::command).isEqualTo(List.of(command));
      assertThat(failures).extracting(f -> f.cause().errno()).containsExactly(Errno.ENODEV);
    }
  }

  @Test
  default void routesAreThoseOfOneFamilyAndProtocol() throws IOException {
    LocalRoute v4 = route("10.96.0.10", OURS);
    LocalRoute v6 = route("fd96::a", OURS);
    LocalRoute other = route("10.96.0.11", OTHERS);
    executed(new AddRoute(v4), new AddRoute(v6), new AddRoute(other));
    assertThat(routes().localRoutes(AddressFamily.IPV4, OURS)).containsExactly(v4);
    assertThat(routes().localRoutes(AddressFamily.IPV6, OURS)).containsExactly(v6);
    assertThat(routes().localRoutes(AddressFamily.IPV4, OTHERS)).containsExactly(other);
  }

  @Test
  default void routesCanBeAddedAndDeletedTwice() throws IOException {
    for (String literal : List.of("10.96.0.10", "fd96::a")) {
      LocalRoute route = route(literal, OURS);
      executed(new AddRoute(route), new AddRoute(route));
      assertThat(ours(route)).containsExactly(route);
      executed(new DeleteRoute(route), new DeleteRoute(route));
      assertThat(ours(route)).isEmpty();
    }
  }

  @Test
  default void sourceOfARouteIsReplaced() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    for (List<String> literals :
        List.of(
            List.of("10.96.0.10", "10.99.0.1", "10.99.0.2"),
            List.of("fd96::a", "fd99::1", "fd99::2"))) {
      IpAddress first = IpAddress.of(literals.get(1));
      IpAddress second = IpAddress.of(literals.get(2));
      LocalRoute route = route(literals.get(0), OURS);
      executed(
          new AddAddress(DUMMY, LinkAddress.host(dummy.index(), first)),
          new AddAddress(DUMMY, LinkAddress.host(dummy.index(), second)),
          new AddRoute(from(route, first)),
          new AddRoute(from(route, second)));
      assertThat(ours(route)).containsExactly(from(route, second));
      executed(new AddRoute(route));
      assertThat(ours(route)).containsExactly(route);
    }
  }

  @Test
  default void sourceThatThisHostLacksIsRefused() throws IOException {
    for (List<String> literals :
        List.of(List.of("10.96.0.10", "192.0.2.1"), List.of("fd96::a", "2001:db8::1"))) {
      LocalRoute good = route(literals.get(0), OURS);
      AddRoute bad = new AddRoute(from(good, IpAddress.of(literals.get(1))));
      List<RouteFailure> failures = routes().execute(List.of(bad, new AddRoute(good)));
      assertThat(failures).extracting(RouteFailure::command).isEqualTo(List.of(bad));
      assertThat(failures).extracting(f -> f.cause().errno()).containsExactly(Errno.EINVAL);
      assertThat(ours(good)).containsExactly(good);
    }
  }

  @Test
  default void routesOfOthersToTheSameAddressStay() throws IOException {
    for (String literal : List.of("10.96.0.10", "fd96::a")) {
      LocalRoute ours = route(literal, OURS);
      LocalRoute others = route(literal, OTHERS);
      executed(new AddRoute(others), new AddRoute(ours), new DeleteRoute(ours));
      assertThat(ours(ours)).isEmpty();
      assertThat(routes().localRoutes(others.destination().family(), OTHERS))
          .containsExactly(others);
    }
  }

  /** The kernel has a local route of its own for it, which is not to be touched. */
  @Test
  default void routeToAnAddressOfALinkStandsBesideTheKernels() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    for (List<String> literals :
        List.of(List.of("10.99.0.1", "10.96.0.10"), List.of("fd99::1", "fd96::a"))) {
      LinkAddress address = LinkAddress.host(dummy.index(), IpAddress.of(literals.get(0)));
      LocalRoute route = route(literals.get(0), OURS);
      executed(new AddAddress(DUMMY, address), new AddRoute(route));
      assertThat(ours(route)).containsExactly(route);
      // Without the kernel's route the address would be no source for another.
      LocalRoute other = from(route(literals.get(1), OURS), address.address());
      executed(new DeleteRoute(route), new AddRoute(other), new DeleteRoute(other));
      executed(new AddRoute(route), new DeleteAddress(DUMMY, address));
      assertThat(ours(route)).containsExactly(route);
      executed(new DeleteRoute(route));
    }
  }

  /**
   * The kernel drops such routes from the main table only, so their maker has to look after them.
   * IPv6 keeps a source that is gone (seen on 6.1) or clears it (6.18).
   */
  @Test
  default void routeOutlivesItsSource() throws IOException {
    Link dummy = routes().addDummy(DUMMY);
    for (List<String> literals :
        List.of(List.of("10.96.0.10", "10.99.0.1"), List.of("fd96::a", "fd99::1"))) {
      LinkAddress source = LinkAddress.host(dummy.index(), IpAddress.of(literals.get(1)));
      LocalRoute route = from(route(literals.get(0), OURS), source.address());
      executed(
          new AddAddress(DUMMY, source), new AddRoute(route), new DeleteAddress(DUMMY, source));
      assertThat(ours(route))
          .extracting(LocalRoute::destination)
          .containsExactly(route.destination());
    }
  }

  @Test
  default void everyRefusalOfABatchIsItsOwnCommands() throws IOException {
    List<RouteCommand> commands = new ArrayList<>();
    List<RouteCommand> bad = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      LocalRoute route = route("10.97." + i / 250 + "." + i % 250, OURS);
      boolean refused = i % 7 == 3;
      commands.add(new AddRoute(refused ? from(route, IpAddress.of("192.0.2.1")) : route));
      if (refused) {
        bad.add(commands.get(i));
      }
    }
    assertThat(routes().execute(commands)).extracting(RouteFailure::command).isEqualTo(bad);
    assertThat(routes().localRoutes(AddressFamily.IPV4, OURS)).hasSize(3_000 - bad.size());
  }

  private void executed(RouteCommand... commands) throws IOException {
    assertThat(routes().execute(List.of(commands))).isEmpty();
  }

  private List<LinkAddress> on(Link link, AddressFamily family) throws IOException {
    return routes().addresses(family).stream()
        .filter(address -> address.linkIndex() == link.index())
        .filter(address -> !address.address().isLinkLocal())
        .toList();
  }

  private List<LocalRoute> ours(LocalRoute route) throws IOException {
    return routes().localRoutes(route.destination().family(), route.protocol());
  }

  private static LocalRoute route(String destination, int protocol) {
    return new LocalRoute(IpAddress.of(destination), Optional.empty(), protocol);
  }

  private static LocalRoute from(LocalRoute route, IpAddress source) {
    return new LocalRoute(route.destination(), Optional.of(source), route.protocol());
  }

  private static void refused(ThrowingCallable call, Errno errno) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }
}
