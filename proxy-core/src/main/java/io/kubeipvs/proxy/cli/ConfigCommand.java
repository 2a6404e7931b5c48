package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConfigException;
import io.kubeipvs.proxy.config.ConfigFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code kube-ipvs config}. */
@Command(
    name = "config",
    description =
        "Takes the flags of `run`, and shows what would be in force, and where each value came"
            + " from.")
final class ConfigCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Unmatched List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    CommandLine run = KubeIpvs.runCommand();
    try {
      Configuration configuration = Configuration.of(run, arguments);
      run.parseArgs(configuration.arguments().toArray(String[]::new));
      String file = configuration.file().map(ConfigFile::name).orElse("");
      spec.commandLine().getOut().print(ConfigText.list(configuration.settings(), file));
      spec.commandLine().getOut().flush();
      configuration.notices().forEach(spec.commandLine().getErr()::println);
      return 0;
    } catch (ConfigException | ParameterException e) {
      spec.commandLine().getErr().println("kube-ipvs config: " + e.getMessage());
      return 1;
    }
  }
}
