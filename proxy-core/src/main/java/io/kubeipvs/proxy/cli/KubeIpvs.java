package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program. Without a command it is {@code run}; under the name ipvsadm it is that. */
@Command(
    name = "kube-ipvs",
    description = "A Kubernetes service proxy on IPVS.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      CleanupCommand.class,
      ConfigCommand.class,
      ListCommand.class,
      PlanCommand.class,
      ExplainCommand.class,
      HistoryCommand.class,
      DumpCommand.class,
      CompletionCommand.class,
      IpvsadmCommand.class,
      RehearseCommand.class,
      CommandLine.HelpCommand.class
    })
public final class KubeIpvs implements Runnable {
  /**
   * Set by the launcher to the name it was called by. Empty where Java itself is the interpreter of
   * the script that was called, as in the image: then its path is the first argument.
   */
  private static final String NAME_PROPERTY = "kubeipvs.name";

  @Spec CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) {
    System.exit(start(System.getProperty(NAME_PROPERTY, "kube-ipvs"), arguments));
  }

  static int start(String calledAs, String... arguments) {
    if (!calledAs.isEmpty() || arguments.length == 0) {
      return execute(calledAs, arguments);
    }
    String name = arguments[0].substring(arguments[0].lastIndexOf('/') + 1);
    return execute(name, Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  /** What to give to the shell: 0 success, 1 something failed, 2 wrong usage. */
  static int execute(String calledAs, String... arguments) {
    if (calledAs.equals("ipvsadm")) {
      return IpvsadmCommand.run(List.of(arguments));
    }
    // ipvsadm has options of its own that picocli should not read.
    if (arguments.length > 0 && arguments[0].equals("ipvsadm")) {
      return IpvsadmCommand.run(Arrays.asList(arguments).subList(1, arguments.length));
    }
    CommandLine commandLine = new CommandLine(new KubeIpvs());
    ShortErrors.install(commandLine, List.of("list", "plan", "dump", "completion"));
    List<String> all = withCommand(arguments);
    if (all.isEmpty() || !all.get(0).equals("run")) {
      return commandLine.execute(all.toArray(String[]::new));
    }
    try {
      return RunCommand.execute(commandLine, all.subList(1, all.size()));
    } catch (ConfigException e) {
      commandLine.getErr().println("kube-ipvs: " + e.getMessage());
      return 1;
    }
  }

  /** The command {@code run} alone, to look at what flags mean. */
  static CommandLine runCommand() {
    CommandLine run = new CommandLine(new RunCommand());
    Configuration.acceptIgnoredFlags(run.getCommandSpec());
    return run;
  }

  /** As kube-proxy: flags without a command mean {@code run}. */
  private static List<String> withCommand(String[] arguments) {
    boolean flagsOnly =
        arguments.length > 0
            && arguments[0].startsWith("-")
            && !List.of("-h", "--help", "-V", "--version").contains(arguments[0]);
    List<String> all = new ArrayList<>(flagsOnly ? List.of("run") : List.of());
    all.addAll(List.of(arguments));
    return all;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Say what to do: run, run --manifests DIR, check, cleanup, ipvsadm ...");
  }
}
