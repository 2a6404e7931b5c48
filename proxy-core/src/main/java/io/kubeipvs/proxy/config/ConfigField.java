package io.kubeipvs.proxy.config;

/**
 * A field of {@code KubeProxyConfiguration}, or one of ours beside them.
 *
 * @param path {@code ipvs.syncPeriod}
 * @param defaultValue as a flag would have it
 * @param flag that says the same; empty for none
 * @param treatment what becomes of a value
 * @param note of ignored fields why, of others what there is to know
 */
public record ConfigField(
    String path,
    ValueType type,
    String defaultValue,
    String flag,
    Treatment treatment,
    String note) {

  /** What becomes of a value. */
  public enum Treatment {
    HONOURED,
    IGNORED
  }

  /** Ours are in a section of their own. */
  static final String OWN = "kubeIpvs";

  public boolean isHonoured() {
    return treatment == Treatment.HONOURED;
  }

  /**
   * Whether the flag goes before the file. In kube-proxy a file replaces all flags but one. Whoever
   * starts this proxy with a mode means it, though the file says what kube-proxy is to do.
   */
  public boolean flagGoesFirst() {
    return path.equals("hostnameOverride") || path.equals("mode") || path.startsWith(OWN + ".");
  }

  /** A row of the table in {@code docs/configuration.md}. */
  public String documentation() {
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(
            path,
            defaultValue.isEmpty() ? "" : "`" + defaultValue + "`",
            flag.isEmpty() ? "" : "`" + flag + "`",
            isHonoured() ? "honoured" : "ignored",
            note);
  }
}
