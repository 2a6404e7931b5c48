package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetGrowth;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetSpec;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything in the kernel that we may have made, in the families that are served: what
 * another one has there is left as it is, because nothing would take its place. Writes nothing.
 */
public final class KernelObserver {
  /** In so many looks every service's servers are dumped, whatever the overview shows. */
  static final int AUDIT_LOOKS = 20;

  private final Kernel kernel;
  private final String deviceName;
  private final Set<AddressFamily> families;
  private int looks;

  /** Of the families that have their tool. */
  public KernelObserver(Kernel kernel, String deviceName) {
    this(kernel, deviceName, kernel.iptables().keySet());
  }

  KernelObserver(Kernel kernel, String deviceName, Set<AddressFamily> families) {
    this.kernel = kernel;
    this.deviceName = deviceName;
    this.families = Collections.unmodifiableSet(new TreeSet<>(families));
  }

  /**
   * A full look: a dump of each table, two runs of {@code iptables-save}, and no process for a
   * single object.
   */
  public Observation observe() throws IOException {
    return observe(null);
  }

  /**
   * The same, cheaper where little has changed. Servers take a dump for each service; the kernel's
   * overview shows them all at once, but for thresholds and tunnels. So those that look there as
   * they did before are taken over, and the others dumped. A share of all is dumped in each look
   * too, by turns: thresholds and tunnels that somebody else set are found after {@value
   * #AUDIT_LOOKS} looks at the latest.
   *
   * @param former what is believed to be there: seen by dumps or written by us, never only by the
   *     overview; used up by this. Null to see everything by dumps
   */
  public Observation observe(@Nullable KernelMirror former) throws IOException {
    KernelMirror mirror = new KernelMirror();
    services(mirror, former);
    sets(mirror);
    List<IpAddress> nodeAddresses = addresses(mirror);
    return new Observation(mirror, rules(), nodeAddresses);
  }

  /** What {@code iptables-save} shows, for each family that has the tools. */
  public Map<AddressFamily, SavedRules> rules() throws IOException {
    Map<AddressFamily, SavedRules> rules = new EnumMap<>(AddressFamily.class);
    for (Map.Entry<AddressFamily, Iptables> iptables : kernel.iptables().entrySet()) {
      rules.put(iptables.getKey(), iptables.getValue().save());
    }
    return rules;
  }

  private void services(KernelMirror mirror, @Nullable KernelMirror former) throws IOException {
    looks++;
    Optional<ProcIpVs> overview = former == null ? Optional.empty() : kernel.ipvs().overview();
    for (ObservedService observed : kernel.ipvs().services()) {
      VirtualService service = observed.service();
      if (!families.contains(service.key().family())) {
        continue;
      }
      if (former != null
          && overview.isPresent()
          && !isAudited(service.key())
          && former.looksLike(service.key(), overview.get())) {
        mirror.takeService(service, former);
      } else {
        mirror.putService(service, kernel.ipvs().servers(service.key()), former);
      }
    }
  }

  private boolean isAudited(ServiceKey key) {
    return Math.floorMod(key.hashCode(), AUDIT_LOOKS) == looks % AUDIT_LOOKS;
  }

  private void sets(KernelMirror mirror) throws IOException {
    for (AddressFamily family : families) {
      for (SetSpec spec : KubeSets.of(family)) {
        Optional<ObservedSet> set = kernel.sets().list(spec.name());
        set.ifPresent(observed -> mirror.putSet(observed.header(), observed.entries()));
      }
    }
    for (SetHeader header : kernel.sets().headers()) {
      if (header.name().value().startsWith(SetGrowth.TEMPORARY_PREFIX)) {
        mirror.putSet(header, Set.of());
      }
    }
  }

  /** Routes and addresses; answers those that are not on our device. */
  private List<IpAddress> addresses(KernelMirror mirror) throws IOException {
    Optional<Link> device = kernel.routes().link(deviceName);
    mirror.putDevice(device.isPresent());
    List<IpAddress> others = new ArrayList<>();
    for (AddressFamily family : families) {
      for (LocalRoute route : kernel.routes().localRoutes(family, VipBinding.ROUTE_PROTOCOL)) {
        mirror.putRoute(route);
      }
      for (LinkAddress address : kernel.routes().addresses(family)) {
        if (device.isPresent() && device.get().index() == address.linkIndex()) {
          ours(mirror, address);
        } else {
          others.add(address.address());
        }
      }
    }
    return others;
  }

  /** The kernel itself gives a device that is up a link-local address: not a VIP. */
  private static void ours(KernelMirror mirror, LinkAddress address) {
    boolean kernels =
        address.address().isLinkLocal() && address.address().family() == AddressFamily.IPV6;
    if (!kernels) {
      mirror.putAddress(address.address());
    }
  }

  /** Looks at the servers of those services only: their connections are what draining waits for. */
  public void refresh(KernelMirror mirror, Iterable<ServiceKey> keys) throws IOException {
    for (ServiceKey key : keys) {
      if (mirror.service(key) != null) {
        mirror.refresh(key, kernel.ipvs().servers(key));
      }
    }
  }
}
