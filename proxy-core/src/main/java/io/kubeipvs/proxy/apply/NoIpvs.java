package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.SyncDaemon;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A kernel without IPVS: nothing is there, and nothing can be put there. */
public final class NoIpvs implements Ipvs {
  private static IOException absent() {
    return new IOException("this kernel has no IPVS");
  }

  @Override
  public IpvsInfo info() throws IOException {
    throw absent();
  }

  @Override
  public List<ObservedService> services() {
    return List.of();
  }

  @Override
  public Optional<ObservedService> service(ServiceKey key) {
    return Optional.empty();
  }

  @Override
  public List<ObservedServer> servers(ServiceKey key) {
    return List.of();
  }

  @Override
  public List<CommandFailure> execute(List<? extends IpvsCommand> commands) throws IOException {
    throw absent();
  }

  @Override
  public void flush() {}

  @Override
  public void zero() {}

  @Override
  public void zero(ServiceKey key) throws IOException {
    throw absent();
  }

  @Override
  public IpvsTimeouts timeouts() throws IOException {
    throw absent();
  }

  @Override
  public void setTimeouts(IpvsTimeouts timeouts) throws IOException {
    throw absent();
  }

  @Override
  public List<SyncDaemon> daemons() {
    return List.of();
  }

  @Override
  public void startDaemon(SyncDaemon daemon) throws IOException {
    throw absent();
  }

  @Override
  public void stopDaemon(SyncDaemon.State state) throws IOException {
    throw absent();
  }

  @Override
  public void close() {}
}
