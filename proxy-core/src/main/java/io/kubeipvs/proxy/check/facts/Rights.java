package io.kubeipvs.proxy.check.facts;

/**
 * What this process may do.
 *
 * @param capabilities bits of {@code linux/capability.h}
 * @param writesSysctls whether {@code /proc/sys} can be written
 */
public record Rights(long capabilities, boolean writesSysctls) {
  /** Bits of {@code linux/capability.h}. */
  public static final int NET_ADMIN = 12;

  public static final int NET_RAW = 13;
  public static final int SYS_MODULE = 16;

  public boolean has(int capability) {
    return (capabilities >>> capability & 1) == 1;
  }
}
