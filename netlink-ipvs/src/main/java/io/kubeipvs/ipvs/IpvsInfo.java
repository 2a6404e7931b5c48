package io.kubeipvs.ipvs;

/**
 * What the kernel says of its IPVS.
 *
 * @param connectionTableSize buckets of the connection hash table
 */
public record IpvsInfo(int version, int connectionTableSize) {
  public int major() {
    return version >>> 16 & 0xff;
  }

  public int minor() {
    return version >>> 8 & 0xff;
  }

  public int patch() {
    return version & 0xff;
  }

  /** {@code 1.2.1}. */
  public String versionText() {
    return major() + "." + minor() + "." + patch();
  }
}
