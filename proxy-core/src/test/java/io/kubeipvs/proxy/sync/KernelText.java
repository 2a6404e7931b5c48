package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetText;
import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All of a kernel that plans are about, in one order: alike for a real one and one in memory. */
public final class KernelText {
  private KernelText() {}

  /** Without rules: those are compared by the loop itself, which must find nothing to do. */
  public static List<String> of(Kernel kernel) throws IOException {
    List<String> lines = new ArrayList<>();
    for (ObservedService observed : kernel.ipvs().services()) {
      lines.add("-A " + IpvsadmText.service(observed.service()));
      for (ObservedServer server : kernel.ipvs().servers(observed.service().key())) {
        lines.add("-a " + IpvsadmText.server(observed.service().key(), server.server()));
      }
    }
    addVips(kernel, lines);
    List<ObservedSet> sets = new ArrayList<>();
    for (SetName name : KubeSets.ALL.keySet()) {
      kernel.sets().list(name).ifPresent(sets::add);
    }
    SetText.of(sets).lines().forEach(lines::add);
    lines.sort(null);
    return lines;
  }

  private static void addVips(Kernel kernel, List<String> lines) throws IOException {
    Optional<Link> device = kernel.routes().link(Bench.DEVICE);
    for (AddressFamily family : AddressFamily.values()) {
      kernel
          .routes()
          .localRoutes(family, VipBinding.ROUTE_PROTOCOL)
          .forEach(route -> lines.add("route " + route));
      for (LinkAddress address : kernel.routes().addresses(family)) {
        if (device.isPresent() && device.get().index() == address.linkIndex()) {
          lines.add("address " + address.address());
        }
      }
    }
  }
}
