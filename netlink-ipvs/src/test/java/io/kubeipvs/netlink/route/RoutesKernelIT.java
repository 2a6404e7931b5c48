package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.testing.FdLeakCheck;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on the kernel: as root, in a namespace of its own, with its loopback device up. */
@RequiresKernel("dummy")
@ExtendWith(FdLeakCheck.class)
final class RoutesKernelIT implements RoutesContract {
  private Routes routes = new FakeRoutes();

  @BeforeEach
  void open() throws IOException {
    routes = NetlinkRoutes.open(NetlinkTrace.NONE);
    cleanUp();
  }

  @AfterEach
  void close() throws IOException {
    cleanUp();
    routes.close();
  }

  @Override
  public Routes routes() {
    return routes;
  }

  private void cleanUp() throws IOException {
    Optional<Link> dummy = routes.link(DUMMY);
    if (dummy.isPresent()) {
      routes.deleteLink(dummy.get());
    }
    List<RouteCommand> commands = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      for (int protocol : List.of(OURS, OTHERS)) {
        routes
            .localRoutes(family, protocol)
            .forEach(route -> commands.add(new RouteCommand.DeleteRoute(route)));
      }
    }
    routes.execute(commands);
  }
}
