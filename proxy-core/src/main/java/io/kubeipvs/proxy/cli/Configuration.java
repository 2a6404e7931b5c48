package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConfigException;
import io.kubeipvs.proxy.config.ConfigField;
import io.kubeipvs.proxy.config.ConfigFields;
import io.kubeipvs.proxy.config.ConfigFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What counts: of the flags and of the file they name. Every setting is a flag in the end, so that
 * there is one place that reads values.
 */
final class Configuration {
  private static final List<String> FILE_FLAGS = List.of("--config", "--write-config-to");

  private final Optional<ConfigFile> file;

  /** Flags on the command line that count, with their values. */
  private final Map<String, String> flags = new LinkedHashMap<>();

  private final List<String> switches = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final List<String> operands;

  private Configuration(Optional<ConfigFile> file, ParseResult given) {
    this.file = file;
    given.matchedOptions().forEach(this::take);
    this.operands = given.unmatched();
    file.ifPresent(
        read ->
            read.unknown()
                .forEach(
                    path -> notices.add(read.name() + ": " + path + " is not known, ignored")));
    file.ifPresent(this::noticeIgnored);
  }

  /** In one line: unmodified files have several. */
  private void noticeIgnored(ConfigFile read) {
    List<String> ignored =
        read.values().keySet().stream()
            .flatMap(path -> ConfigFields.at(path).stream())
            .filter(field -> !field.isHonoured())
            .map(ConfigField::path)
            .toList();
    if (!ignored.isEmpty()) {
      String paths = String.join(", ", ignored);
      notices.add(read.name() + ": of no effect (kube-ipvs config says why): " + paths);
    }
  }

  /**
   * Of a command that takes the flags of {@code run}.
   *
   * @throws ConfigException when the file cannot be used
   */
  static Configuration of(CommandLine command, List<String> arguments) throws ConfigException {
    ParseResult given = command.parseArgs(arguments.toArray(String[]::new));
    Path path = given.matchedOptionValue("--config", (Path) null);
    Optional<ConfigFile> file =
        path == null ? Optional.empty() : Optional.of(ConfigFile.read(path));
    return new Configuration(file, given);
  }

  /** Whether there is a file, or a flag that has no effect; to find out more takes a moment. */
  static boolean concerns(List<String> arguments) {
    return arguments.stream()
        .filter(argument -> argument.startsWith("-"))
        .map(argument -> argument.replaceFirst("=.*", ""))
        .anyMatch(Configuration::concerns);
  }

  private static boolean concerns(String name) {
    return FILE_FLAGS.contains(name)
        || name.equals("-v")
        || ConfigFields.IGNORED_FLAGS.contains(name)
        || ConfigFields.ofFlag(name).filter(field -> !field.isHonoured()).isPresent();
  }

  /** Lets flags pass that kube-proxy has and that have no effect here. */
  static void acceptIgnoredFlags(CommandSpec spec) {
    List<String> names = new ArrayList<>(ConfigFields.IGNORED_FLAGS);
    ConfigFields.ALL.stream().map(ConfigField::flag).filter(f -> !f.isEmpty()).forEach(names::add);
    for (String name : names) {
      if (spec.findOption(name) == null) {
        String[] all = name.equals("--v") ? new String[] {name, "-v"} : new String[] {name};
        spec.addOption(
            OptionSpec.builder(all)
                .type(String.class)
                .arity("0..1")
                .fallbackValue("true")
                .hidden(true)
                .build());
      }
    }
  }

  private void take(OptionSpec option) {
    Optional<ConfigField> field =
        Arrays.stream(option.names()).flatMap(n -> ConfigFields.ofFlag(n).stream()).findFirst();
    String name = option.longestName();
    if (field.isPresent() && !field.get().isHonoured()) {
      notices.add(ignored(name, field.get()));
    } else if (ConfigFields.IGNORED_FLAGS.contains(name)) {
      notices.add(name + " is ignored: it has no meaning here");
    } else if (field.isPresent() && file.isPresent() && !field.get().flagGoesFirst()) {
      notices.add(
          name + " is ignored: with --config the file decides (" + field.get().path() + ")");
    } else if (option.arity().max() == 0) {
      switches.add(name);
    } else {
      flags.put(name(option), String.join(",", option.originalStringValues()));
    }
  }

  /** The name our table has, where an option has several. */
  private static String name(OptionSpec option) {
    return Arrays.stream(option.names())
        .filter(name -> ConfigFields.ofFlag(name).isPresent())
        .findFirst()
        .orElse(option.longestName());
  }

  private static String ignored(String what, ConfigField field) {
    return what + " is ignored: " + field.note();
  }

  /** The command line that says all of it. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(switches);
    flags.forEach((name, value) -> arguments.add(name + "=" + value));
    for (Setting setting : settings()) {
      if (setting.origin() == Origin.FILE && setting.field().isHonoured()) {
        arguments.add(setting.field().flag() + "=" + setting.value());
      }
    }
    arguments.addAll(operands);
    return arguments;
  }

  /** What was set and has no effect, and why. */
  List<String> notices() {
    return notices;
  }

  Optional<ConfigFile> file() {
    return file;
  }

  /** Where a value came from. */
  enum Origin {
    DEFAULT,
    FILE,
    FLAG
  }

  /** A field with the value in force. */
  record Setting(ConfigField field, String value, Origin origin) {}

  /** Of every field there is, in the order of the documentation. */
  List<Setting> settings() {
    return ConfigFields.ALL.stream().map(this::setting).toList();
  }

  private Setting setting(ConfigField field) {
    String flag = flags.get(field.flag());
    if (flag != null) {
      return new Setting(field, flag, Origin.FLAG);
    }
    return file.map(read -> read.values().get(field.path()))
        .map(value -> new Setting(field, value, Origin.FILE))
        .orElseGet(() -> new Setting(field, field.defaultValue(), Origin.DEFAULT));
  }

  /** The place in the file that the flag stands for, where the file set it. */
  Optional<String> placeInFile(String flag) {
    return file.flatMap(
        read ->
            settings().stream()
                .filter(s -> s.origin() == Origin.FILE && s.field().flag().equals(flag))
                .map(s -> read.name() + ": " + s.field().path())
                .findFirst());
  }
}
