package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConfigException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Flags of {@code run} where another command takes them too. */
final class RunFlags {
  /** Where objects are, not what is done about them; some lead to credentials. */
  private static final Set<String> PLACES =
      Set.of("--manifests", "--kubeconfig", "--master", "--config", "--netlink-trace");

  private static final String MODE = "--mode";

  private RunFlags() {}

  /** Lets a command take all of them, unseen in its help. */
  static final class Accepting implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (OptionSpec option : KubeIpvs.runCommand().getCommandSpec().options()) {
        boolean taken = false;
        for (String name : option.names()) {
          taken |= spec.findOption(name) != null;
        }
        if (!taken) {
          spec.addOption(
              OptionSpec.builder(option.names())
                  .type(option.arity().max() == 0 ? boolean.class : String.class)
                  .arity(option.arity().originalValue())
                  .fallbackValue(option.fallbackValue())
                  .paramLabel(option.paramLabel())
                  .hidden(true)
                  .build());
        }
      }
      return spec;
    }
  }

  /** Those among what such a command was given. */
  static List<String> among(ParseResult given) {
    CommandSpec run = KubeIpvs.runCommand().getCommandSpec();
    List<String> flags = new ArrayList<>();
    for (OptionSpec option : given.matchedOptions()) {
      OptionSpec ofRun = run.findOption(option.longestName());
      if (ofRun != null && !ofRun.usageHelp() && !ofRun.versionHelp()) {
        flags.add(text(option));
      }
    }
    return flags;
  }

  /** Those in force that decide what a sync does: to be told to others. */
  static List<String> inForce(ParseResult given) {
    List<String> flags = new ArrayList<>();
    for (OptionSpec option : given.matchedOptions()) {
      boolean decides =
          option.userObject() instanceof Field field
              && field.getDeclaringClass() == ProxyOptions.class;
      if (decides && !PLACES.contains(option.longestName())) {
        flags.add(text(option));
      }
    }
    return flags;
  }

  private static String text(OptionSpec option) {
    return option.arity().max() == 0
        ? option.longestName()
        : option.longestName() + "=" + String.join(",", option.originalStringValues());
  }

  /** The first ones, but for those that the others say otherwise. */
  static List<String> merged(List<String> first, List<String> others) {
    Map<String, String> byName = new LinkedHashMap<>();
    first.forEach(flag -> byName.put(name(flag), flag));
    others.forEach(flag -> byName.put(name(flag), flag));
    return List.copyOf(byName.values());
  }

  private static String name(String flag) {
    String name = flag.replaceFirst("=.*", "");
    return name.equals("--proxy-mode") ? MODE : name;
  }

  /** Without those that say where objects are. */
  static List<String> withoutPlaces(List<String> flags) {
    return flags.stream().filter(flag -> !PLACES.contains(name(flag))).toList();
  }

  static boolean hasMode(List<String> flags) {
    return flags.stream().map(RunFlags::name).anyMatch(MODE::equals);
  }

  static boolean hasPlaces(List<String> flags) {
    return flags.stream().map(RunFlags::name).anyMatch(PLACES::contains);
  }

  /**
   * What they mean, with the file that they may name.
   *
   * @throws StartupException when they mean nothing
   */
  static ProxyOptions parse(List<String> flags) throws StartupException {
    CommandLine run = KubeIpvs.runCommand();
    try {
      Configuration configuration = Configuration.of(run, flags);
      run.parseArgs(configuration.arguments().toArray(String[]::new));
    } catch (ConfigException | CommandLine.ParameterException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
    ProxyOptions options = run.<RunCommand>getCommand().options;
    Preflight.checkFlags(options);
    return options;
  }
}
