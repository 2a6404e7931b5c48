package io.kubeipvs.proxy.cli;

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
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      CleanupCommand.class,
      IpvsadmCommand.class,
      CommandLine.HelpCommand.class
    })
public final class KubeIpvs implements Runnable {
  /** Set by the launcher to the name it was called by. */
  private static final String NAME_PROPERTY = "kubeipvs.name";

  @Spec CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) {
    System.exit(execute(System.getProperty(NAME_PROPERTY, "kube-ipvs"), arguments));
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
    commandLine.setCaseInsensitiveEnumValuesAllowed(false);
    return commandLine.execute(withCommand(arguments));
  }

  /** As kube-proxy: flags without a command mean {@code run}. */
  private static String[] withCommand(String[] arguments) {
    boolean flagsOnly =
        arguments.length > 0
            && arguments[0].startsWith("-")
            && !List.of("-h", "--help").contains(arguments[0]);
    if (!flagsOnly) {
      return arguments;
    }
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do: run, run --manifests DIR, cleanup, ipvsadm ...");
  }
}
