package io.kubeipvs.proxy.cli;

import picocli.CommandLine.IVersionProvider;

/** Of the jar this class is in. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"kube-ipvs " + (version == null ? "(development)" : version)};
  }
}
