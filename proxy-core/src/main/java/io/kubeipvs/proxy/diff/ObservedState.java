package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.state.Footprint;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the kernel holds, as far as it was looked at. Nothing here reads the kernel. */
public interface ObservedState {

  /** Null when there is none. Services of others are shown too. */
  @Nullable VirtualService service(ServiceKey key);

  /** Empty when there is no such service. */
  Map<ServerKey, RealServer> servers(ServiceKey key);

  /**
   * Whether the server was seen without any connection since it got weight 0. False when it was not
   * looked at since.
   */
  boolean isIdle(ServiceKey key, ServerKey server);

  boolean holds(SetMember member);

  /** Null when there is no set of that name. */
  @Nullable SetHeader set(SetName name);

  /** The entries of that set; empty when there is none of that name. */
  Set<SetEntry> entries(SetName name);

  /** The local route of ours to that address; null when there is none. */
  @Nullable LocalRoute route(IpAddress vip);

  /** Whether that address is on our device. */
  boolean hasAddress(IpAddress vip);

  boolean hasDevice();

  /** The places of all that is there, services of others included. */
  Footprint footprint();
}
