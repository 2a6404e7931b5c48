package io.kubeipvs.ipvs;

/**
 * Flags of a virtual service ({@code IP_VS_SVC_F_*} in {@code linux/ip_vs.h}). Bits without a name
 * here are kept. {@link #HASHED} is the kernel's own mark on every service in its table; it is
 * dropped when a service is read, so that what was written equals what is read back.
 */
public record ServiceFlags(int bits) {
  public static final int PERSISTENT = 0x01;
  public static final int HASHED = 0x02;
  public static final int ONE_PACKET = 0x04;

  /** The scheduler's first flag: {@code sh-fallback} or {@code mh-fallback}. */
  public static final int SCHEDULER_1 = 0x08;

  /** The scheduler's second flag: {@code sh-port} or {@code mh-port}. */
  public static final int SCHEDULER_2 = 0x10;

  public static final int SCHEDULER_3 = 0x20;

  public static final ServiceFlags NONE = new ServiceFlags(0);

  public ServiceFlags {
    bits &= ~HASHED;
  }

  public boolean has(int flag) {
    return (bits & flag) != 0;
  }

  public ServiceFlags with(int flag) {
    return new ServiceFlags(bits | flag);
  }
}
