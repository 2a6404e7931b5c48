package io.kubeipvs.proxy.source;

/** The text is not YAML, or is more than anybody means to write. */
public final class UnreadableYamlException extends Exception {
  UnreadableYamlException(String message) {
    super(message);
  }
}
