package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.model.ServiceName;

/**
 * One change to the kernel, in the words of the tool a person would use for it. Each kind holds a
 * value of the module that carries it out.
 */
public sealed interface Operation {
  Phase phase();

  /** {@code ipvsadm}. */
  record Ipvs(Phase phase, IpvsCommand command) implements Operation {
    @Override
    public String toString() {
      return "ipvsadm " + command;
    }
  }

  /** {@code ipset}. */
  record Sets(Phase phase, SetCommand command) implements Operation {
    @Override
    public String toString() {
      return "ipset " + command;
    }
  }

  /**
   * {@code ip}: makes an address reachable, or unreachable.
   *
   * @param guarded whether only some clients may reach the address; it is then not opened while the
   *     rules that keep the others out cannot be written
   */
  record Vip(Phase phase, IpAddress address, boolean guarded, RouteCommand command)
      implements Operation {
    @Override
    public String toString() {
      return "ip " + command;
    }
  }

  /** {@code ip link add NAME type dummy}. */
  record AddDevice(String name) implements Operation {
    @Override
    public Phase phase() {
      return Phase.MAKE_GROUND;
    }

    @Override
    public String toString() {
      return "ip link add " + name + " type dummy";
    }
  }

  /** {@code ip link del NAME}. */
  record DeleteDevice(String name) implements Operation {
    @Override
    public Phase phase() {
      return Phase.DESTROY_SETS;
    }

    @Override
    public String toString() {
      return "ip link del " + name;
    }
  }

  /** {@code iptables-restore --noflush}. */
  record Rules(AddressFamily family, Restore restore) implements Operation {
    @Override
    public Phase phase() {
      return Phase.WRITE_RULES;
    }

    @Override
    public String toString() {
      return (family == AddressFamily.IPV4 ? "iptables" : "ip6tables") + "-restore --noflush";
    }
  }

  /** {@code iptables-restore --noflush} of what one Service has. */
  record ServiceRules(AddressFamily family, ServiceName service) implements Operation {
    @Override
    public Phase phase() {
      return Phase.PROGRAM_SERVICES;
    }

    @Override
    public String toString() {
      return (family == AddressFamily.IPV4 ? "iptables" : "ip6tables")
          + "-restore --noflush of Service "
          + service;
    }
  }

  /** {@code conntrack -D}. */
  record ForgetFlows(FlowFilter filter) implements Operation {
    @Override
    public Phase phase() {
      return Phase.FORGET_FLOWS;
    }

    @Override
    public String toString() {
      return "conntrack -D " + filter;
    }
  }
}
