package io.kubeipvs.e2e;

import io.kubeipvs.proxy.source.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pods of a DaemonSet, as kubelet reads them: its containers, and where volumes come from. */
record PodTemplate(Field spec) {

  static PodTemplate of(Path manifests) {
    Field daemonSet = Document.ofKind("DaemonSet", Document.all(manifests));
    return new PodTemplate(daemonSet.get("spec").get("template").get("spec"));
  }

  Field container(String name) {
    List<Field> all = new ArrayList<>(spec.get("initContainers").items());
    all.addAll(spec.get("containers").items());
    return named(name, all);
  }

  private static Field named(String name, List<Field> items) {
    return items.stream()
        .filter(item -> Document.text(item.get("name")).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + name));
  }

  /**
   * Where a volume is on the node.
   *
   * @param configMap of the one ConfigMap there is, as files
   */
  Path source(String volume, Path configMap) {
    Field source = named(volume, spec.get("volumes").items());
    if (source.get("configMap").isPresent()) {
      return configMap;
    }
    Field host = source.get("hostPath");
    Path path = Path.of(Document.text(host.get("path")));
    if (host.get("type").text().orElse("").equals("FileOrCreate") && !Files.exists(path)) {
      create(path);
    }
    return path;
  }

  private static void create(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code $(NAME)} in arguments is the variable's value. */
  static String expanded(String argument, Map<String, String> environment) {
    String expanded = argument;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return expanded;
  }
}
