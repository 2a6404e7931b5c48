package io.kubeipvs.e2e.bench;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.netlink.NetlinkIpvs;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.RouteCommand;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A client process: fills the kernel from empty, then empties it and fills it again as often as
 * asked. Prints the seconds of each filling behind the word {@code fill}, and its peak memory.
 *
 * <p>{@code Program ipvs AGAIN SERVICES SERVERS | sets AGAIN ENTRIES | routes AGAIN VIPS |
 * addresses AGAIN VIPS | capture FILE SERVICES SERVERS}
 */
final class Program {
  private Program() {}

  private interface Step {
    void run() throws IOException;
  }

  private interface Filling {
    /** How many commands were refused. */
    int run() throws IOException;
  }

  /** A kernel table of which the process fills a part. */
  private record Table(Filling fill, Step empty, Step end) implements Closeable {
    @Override
    public void close() throws IOException {
      end.run();
    }
  }

  public static void main(String[] arguments) throws IOException {
    int size = Integer.parseInt(arguments[2]);
    switch (arguments[0]) {
      case "ipvs" -> measure(ipvs(size, Integer.parseInt(arguments[3])), arguments[1]);
      case "sets" -> measure(sets(size), arguments[1]);
      case "routes" -> measure(routes(size), arguments[1]);
      case "addresses" -> measure(addresses(size), arguments[1]);
      case "capture" -> Capture.write(arguments[1], size, Integer.parseInt(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.out.println("peak " + Proc.peakKib(ProcessHandle.current().pid()));
  }

  private static void measure(Table table, String again) throws IOException {
    try (table) {
      for (int i = 0; i <= Integer.parseInt(again); i++) {
        if (i > 0) {
          table.empty().run();
        }
        long start = System.nanoTime();
        int refused = table.fill().run();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (refused > 0) {
          throw new IOException(refused + " commands were refused");
        }
        System.out.println("fill " + seconds);
      }
    }
  }

  private static Table ipvs(int services, int serversEach) throws IOException {
    List<IpvsCommand> commands = Workloads.table(services, serversEach);
    NetlinkIpvs ipvs = NetlinkIpvs.open(NetlinkTrace.NONE);
    return new Table(() -> ipvs.execute(commands).size(), ipvs::flush, ipvs::close);
  }

  private static Table sets(int entries) throws IOException {
    List<SetCommand> commands = Workloads.set(entries);
    List<SetCommand> destroy = List.of(new SetCommand.Destroy(Workloads.SET.name()));
    NetlinkIpSets sets = NetlinkIpSets.open(NetlinkTrace.NONE);
    return new Table(() -> sets.execute(commands).size(), () -> sets.execute(destroy), sets::close);
  }

  private static Table routes(int vips) throws IOException {
    List<RouteCommand> commands = Workloads.routes(vips);
    List<? extends RouteCommand> deletions =
        commands.stream()
            .map(command -> ((RouteCommand.AddRoute) command).route())
            .map(RouteCommand.DeleteRoute::new)
            .toList();
    NetlinkRoutes routes = NetlinkRoutes.open(NetlinkTrace.NONE);
    return new Table(
        () -> routes.execute(commands).size(),
        () -> routes.execute(List.copyOf(deletions)),
        routes::close);
  }

  /** The device is there already. */
  private static Table addresses(int vips) throws IOException {
    NetlinkRoutes routes = NetlinkRoutes.open(NetlinkTrace.NONE);
    int device = routes.link(Workloads.DEVICE).map(Link::index).orElseThrow();
    List<RouteCommand> commands = Workloads.addresses(device, vips);
    List<? extends RouteCommand> deletions =
        commands.stream()
            .map(command -> (RouteCommand.AddAddress) command)
            .map(add -> new RouteCommand.DeleteAddress(add.linkName(), add.address()))
            .toList();
    return new Table(
        () -> routes.execute(commands).size(),
        () -> routes.execute(List.copyOf(deletions)),
        routes::close);
  }
}
