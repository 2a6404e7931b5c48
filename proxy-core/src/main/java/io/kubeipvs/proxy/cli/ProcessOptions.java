package io.kubeipvs.proxy.cli;

import picocli.CommandLine.Option;

/** Flags about this process, as kube-proxy has them. */
final class ProcessOptions {
  @Option(
      names = "--oom-score-adj",
      defaultValue = "-999",
      paramLabel = "N",
      description =
          "how unlikely the kernel ends this process when memory is short, -1000..1000 (default:"
              + " ${DEFAULT-VALUE})")
  int oomScoreAdj = -999;
}
