package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConfigField;
import java.util.List;

/** Settings as text: as a file to start from, or as a list to read. */
final class ConfigText {
  private static final List<String> LISTS = List.of("ipvs.excludeCIDRs", "nodePortAddresses");

  private ConfigText() {}

  /** A {@code KubeProxyConfiguration} with everything that has an effect. */
  static String yaml(List<Configuration.Setting> settings) {
    StringBuilder text =
        new StringBuilder(
            "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n");
    List<Configuration.Setting> set =
        settings.stream().filter(s -> s.field().isHonoured() && !s.value().isEmpty()).toList();
    set.stream().filter(s -> section(s).isEmpty()).forEach(s -> append(text, s, ""));
    for (String section : set.stream().map(ConfigText::section).distinct().sorted().toList()) {
      if (!section.isEmpty()) {
        text.append(section).append(":\n");
        set.stream().filter(s -> section(s).equals(section)).forEach(s -> append(text, s, "  "));
      }
    }
    return text.toString();
  }

  private static String section(Configuration.Setting setting) {
    String path = setting.field().path();
    int dot = path.indexOf('.');
    return dot < 0 ? "" : path.substring(0, dot);
  }

  private static void append(StringBuilder text, Configuration.Setting setting, String indent) {
    String path = setting.field().path();
    text.append(indent).append(path.substring(path.indexOf('.') + 1)).append(':');
    if (LISTS.contains(path)) {
      text.append('\n');
      for (String item : setting.value().split(",", -1)) {
        text.append(indent).append("- ").append(quoted(item)).append('\n');
      }
    } else {
      text.append(' ').append(scalar(setting.field(), setting.value())).append('\n');
    }
  }

  /** What by default is a number, or true or false, always is one. */
  private static String scalar(ConfigField field, String value) {
    return field.defaultValue().matches("true|false|-?[0-9]+") ? value : quoted(value);
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** One line a field: its value and where that came from. */
  static String list(List<Configuration.Setting> settings, String file) {
    StringBuilder text = new StringBuilder();
    for (Configuration.Setting setting : settings) {
      ConfigField field = setting.field();
      String origin =
          switch (setting.origin()) {
            case DEFAULT -> "default";
            case FILE -> file;
            case FLAG -> field.flag();
          };
      String ignored = (origin.equals("default") ? "" : origin + ", ") + "ignored: ";
      String effect = field.isHonoured() ? origin : ignored + field.note();
      String value = setting.value().isEmpty() ? "-" : setting.value();
      text.append("%-34s %-20s %s%n".formatted(field.path(), value, effect));
    }
    return text.toString();
  }
}
