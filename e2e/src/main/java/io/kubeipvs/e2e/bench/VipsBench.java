package io.kubeipvs.e2e.bench;

import io.kubeipvs.e2e.bench.Report.Target;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.RouteCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** VIPs by a route each and by an address each: our client and the tool. */
final class VipsBench {
  private final Size size;
  private final Path scratch;
  private final Report report;

  VipsBench(Size size, Path scratch, Report report) {
    this.size = size;
    this.scratch = scratch;
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    report.section("%,d VIPs, from none".formatted(size.vips()));
    double route = measure("routes", "local routes", size.repetitions(), VipsBench::withoutRoutes);
    // Adding walks the list of all there are, so once has to do.
    double address = measure("addresses", "addresses", 1, VipsBench::withoutAddresses);
    report.ratio("times faster by route than by address", address / route);
  }

  private double measure(String kind, String what, int times, Command.Preparation before)
      throws IOException, InterruptedException {
    String vips = String.valueOf(size.vips());
    List<RouteCommand> commands =
        kind.equals("routes") ? Workloads.routes(size.vips()) : Workloads.addresses(0, size.vips());
    Path input = InputFile.write(scratch, commands);
    Run tool = Command.of("ip", "-batch", input.toString()).repeat(times, before);
    check(kind);
    Run ours = Command.program(kind, "0", vips).repeat(times, before);
    check(kind);
    double sending = ours.printed("fill").first();
    report.run(what + ", ip -batch", tool);
    report.run(what + ", our client, a fresh process, start to end", ours);
    report.seconds("  of which sending, first time in the JVM", sending);
    report.target(
        what + ": times faster than ip -batch", tool.seconds() / sending, "x", Target.atLeast(1));
    before.prepare();
    return sending;
  }

  private void check(String kind) throws IOException {
    try (NetlinkRoutes routes = NetlinkRoutes.open(NetlinkTrace.NONE)) {
      int found =
          kind.equals("routes")
              ? routes.localRoutes(AddressFamily.IPV4, Workloads.ROUTE_PROTOCOL).size()
              : routes.addresses(AddressFamily.IPV4).size() - 2; // those of lo and node0
      if (found != size.vips()) {
        throw new IOException(found + " " + kind);
      }
    }
  }

  private static void withoutRoutes() throws IOException, InterruptedException {
    String protocol = String.valueOf(Workloads.ROUTE_PROTOCOL);
    Command.of("ip", "route", "flush", "table", "local", "proto", protocol).run();
  }

  private static void withoutAddresses() throws IOException, InterruptedException {
    try (NetlinkRoutes routes = NetlinkRoutes.open(NetlinkTrace.NONE)) {
      var device = routes.link(Workloads.DEVICE);
      if (device.isPresent()) {
        routes.deleteLink(device.get());
      }
      routes.addDummy(Workloads.DEVICE);
    }
  }
}
