package io.kubeipvs.proxy.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line for wrong usage, and where to read more. */
final class ShortErrors implements IParameterExceptionHandler {
  /** Of the commands that look at things. */
  static void install(CommandLine root, List<String> commands) {
    for (String name : commands) {
      CommandLine command = root.getSubcommands().get(name);
      if (command != null) {
        command.setParameterExceptionHandler(new ShortErrors());
      }
    }
  }

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String guess =
        exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()
            ? " (" + unmatched.getSuggestions().get(0) + "?)"
            : "";
    command
        .getErr()
        .println(name + ": " + exception.getMessage() + guess + "; see `" + name + " --help`");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
