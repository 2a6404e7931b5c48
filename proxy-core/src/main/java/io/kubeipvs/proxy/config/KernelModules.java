package io.kubeipvs.proxy.config;

import java.util.List;

/** Modules of the kernel; in one that has them built in there is nothing to load. */
public final class KernelModules {
  /** What IPVS mode does not start, or does not serve, without. */
  public static final List<String> NEEDED =
      List.of(
          "ip_vs",
          "nf_conntrack",
          "nf_conntrack_netlink",
          "ip_set",
          "ip_set_hash_ip",
          "ip_set_hash_ipport",
          "ip_set_hash_ipportip",
          "ip_set_hash_ipportnet",
          "ip_set_bitmap_port",
          "xt_set",
          "dummy");

  private KernelModules() {}
}
