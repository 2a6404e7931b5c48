package io.kubeipvs.proxy.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line for wrong usage, and where to read more. */
final class ShortErrors implements IParameterExceptionHandler {
  private final List<String> commands;
  private final IParameterExceptionHandler others;

  private ShortErrors(List<String> commands, IParameterExceptionHandler others) {
    this.commands = commands;
    this.others = others;
  }

  /** For these commands; others answer as before. */
  static void install(CommandLine root, List<String> commands) {
    root.setParameterExceptionHandler(
        new ShortErrors(commands, root.getParameterExceptionHandler()));
  }

  @Override
  public int handleParseException(ParameterException exception, String[] arguments)
      throws Exception {
    if (!commands.contains(exception.getCommandLine().getCommandName())) {
      return others.handleParseException(exception, arguments);
    }
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
