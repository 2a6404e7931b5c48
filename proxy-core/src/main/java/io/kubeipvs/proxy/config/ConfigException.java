package io.kubeipvs.proxy.config;

/** A configuration that cannot be used; the message is one line with the file and the field. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
