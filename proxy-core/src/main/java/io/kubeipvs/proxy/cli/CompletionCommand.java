package io.kubeipvs.proxy.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = 1,
    description = "Prints a script that lets bash or zsh complete commands and flags.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(kube-ipvs completion)",
      "  kube-ipvs completion > /etc/bash_completion.d/kube-ipvs"
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    spec.commandLine().getOut().print(AutoComplete.bash("kube-ipvs", root));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
