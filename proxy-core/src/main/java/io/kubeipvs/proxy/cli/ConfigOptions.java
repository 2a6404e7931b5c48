package io.kubeipvs.proxy.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where settings are read from. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "a KubeProxyConfiguration; what it does not set has its default, and flags for what it"
              + " can set count no more, but for --mode, --hostname-override and those kube-proxy"
              + " does not have")
  @Nullable Path config;
}
