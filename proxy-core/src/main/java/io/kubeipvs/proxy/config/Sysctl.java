package io.kubeipvs.proxy.config;

/**
 * A kernel setting with the value it should have.
 *
 * @param key with slashes: {@code net/ipv4/ip_forward}
 * @param reason why we set it, for the log
 */
public record Sysctl(String key, int value, String reason) {
  @Override
  public String toString() {
    return key.replace('/', '.') + " = " + value;
  }
}
