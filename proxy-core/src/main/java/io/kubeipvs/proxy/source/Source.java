package io.kubeipvs.proxy.source;

/**
 * Where objects come from. Once started it tells its {@link SourceListener}, until it is closed.
 */
public interface Source extends AutoCloseable {
  void start();

  @Override
  void close();
}
