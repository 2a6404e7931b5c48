package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetFailure;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A kernel without IP sets: nothing is there, and nothing can be put there. */
public final class NoIpSets implements IpSets {
  @Override
  public List<SetHeader> headers() {
    return List.of();
  }

  @Override
  public List<ObservedSet> list() {
    return List.of();
  }

  @Override
  public Optional<ObservedSet> list(SetName name) {
    return Optional.empty();
  }

  @Override
  public List<SetFailure> execute(List<? extends SetCommand> commands) throws IOException {
    throw new IOException("this kernel has no IP sets");
  }

  @Override
  public void close() {}
}
