package io.kubeipvs.proxy.config;

import io.kubeipvs.proxy.model.GoDuration;
import io.kubeipvs.proxy.source.Field;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.Problems;
import io.kubeipvs.proxy.source.UnreadableYamlException;
import io.kubeipvs.proxy.source.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A {@code KubeProxyConfiguration}, as the ConfigMap of a kubeadm or kubespray cluster holds it.
 *
 * @param values by path, as flags would have them; those that mean the default are left out
 * @param unknown paths nobody knows; they are named and otherwise ignored, as kube-proxy does
 */
public record ConfigFile(String name, SortedMap<String, String> values, List<String> unknown) {
  private static final String VERSION = "kubeproxy.config.k8s.io/v1alpha1";
  private static final String KIND = "KubeProxyConfiguration";

  public ConfigFile {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    unknown = List.copyOf(unknown);
  }

  public static ConfigFile read(Path file) throws ConfigException {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e);
    }
  }

  static ConfigFile parse(String name, String text) throws ConfigException {
    List<Problem> problems = new ArrayList<>();
    Field root = Field.root(document(name, text), new Problems(name, "", problems));
    require(root.get("apiVersion"), VERSION);
    require(root.get("kind"), KIND);
    SortedMap<String, String> values = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    if (problems.isEmpty()) {
      read(root, "", values, unknown);
      check(root, values);
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
    return new ConfigFile(name, values, unknown);
  }

  private static Object document(String name, String text) throws ConfigException {
    try {
      YamlDocuments documents = new YamlDocuments(text);
      Optional<Object> document =
          documents.next().flatMap(first -> Optional.ofNullable(first.root()));
      if (documents.next().isPresent()) {
        throw new ConfigException(name + ": holds several documents");
      }
      return document.orElseThrow(() -> new ConfigException(name + ": is empty"));
    } catch (UnreadableYamlException e) {
      throw new ConfigException(name + ": not YAML: " + e.getMessage());
    }
  }

  private static void require(Field field, String value) {
    Optional<String> text = field.requiredText();
    if (text.isPresent() && !text.get().equals(value)) {
      field.refuse("'" + text.get() + "' is not " + value);
    }
  }

  private static void read(
      Field section, String prefix, Map<String, String> values, List<String> unknown) {
    for (String name : section.names()) {
      String path = prefix + name;
      Field field = section.get(name);
      Optional<ConfigField> known = ConfigFields.at(path);
      if (known.isPresent()) {
        known.get().type().read(field).ifPresent(value -> values.put(path, value));
      } else if (ConfigFields.isSection(path)) {
        descend(field, path, values, unknown);
      } else if (!path.equals("apiVersion") && !path.equals("kind")) {
        unknown.add(path);
      }
    }
  }

  private static void descend(
      Field field, String path, Map<String, String> values, List<String> unknown) {
    if (field.isPresent() && !(field.value() instanceof Map)) {
      field.refuse("is not an object");
    }
    read(field, path + ".", values, unknown);
  }

  /** What goes together, or does not. */
  private static void check(Field root, Map<String, String> values) {
    Duration period = duration(values, "ipvs.syncPeriod", Duration.ofSeconds(30));
    if (duration(values, "ipvs.minSyncPeriod", Duration.ZERO).compareTo(period) > 0) {
      root.get("ipvs").get("minSyncPeriod").refuse("is longer than ipvs.syncPeriod");
    }
    String mode = values.getOrDefault("detectLocalMode", "");
    Field detectLocal = root.get("detectLocal");
    if (mode.equals("BridgeInterface") && !values.containsKey("detectLocal.bridgeInterface")) {
      detectLocal.get("bridgeInterface").refuse("is missing, and detectLocalMode needs it");
    }
    if (mode.equals("InterfaceNamePrefix")
        && !values.containsKey("detectLocal.interfaceNamePrefix")) {
      detectLocal.get("interfaceNamePrefix").refuse("is missing, and detectLocalMode needs it");
    }
  }

  private static Duration duration(Map<String, String> values, String path, Duration otherwise) {
    return Optional.ofNullable(values.get(path)).flatMap(GoDuration::parse).orElse(otherwise);
  }
}
