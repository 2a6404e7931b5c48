package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.source.UnreadableYamlException;
import io.kubeipvs.proxy.source.YamlDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of manifests behind an API: what is written there is listed and watched here. So
 * everything that is tested with the one source can be tested with the other. Lines on standard
 * input make it misbehave, see {@link StandInCommands}.
 */
public final class ManifestApi {
  private static final long LOOK_MILLISECONDS = 20;

  private static final Map<String, String> RESOURCES =
      Map.of("Service", "services", "EndpointSlice", "endpointslices", "Node", "nodes");

  private final ApiStandIn api;
  private final Path directory;

  /** By resource and key. */
  private final Map<String, String> served = new TreeMap<>();

  private ManifestApi(ApiStandIn api, Path directory) {
    this.api = api;
    this.directory = directory;
  }

  /** Serves the first argument's manifests, at the port that it writes into the second's file. */
  public static void main(String[] arguments) throws Exception {
    try (ApiStandIn api = new ApiStandIn()) {
      ManifestApi manifests = new ManifestApi(api, Path.of(arguments[0]));
      manifests.witness();
      manifests.refresh();
      Path port = Path.of(arguments[1]);
      Path beside = Files.writeString(port.resolveSibling("port.new"), api.port() + "\n");
      Files.move(beside, port);
      new StandInCommands(api, System.in, System.out).start();
      while (Files.isDirectory(manifests.directory)) {
        Thread.sleep(LOOK_MILLISECONDS);
        manifests.refresh();
      }
    }
  }

  /** Every cluster has these two; here they are nothing for a proxy. */
  private void witness() {
    api.service("default", "kubernetes", "None");
    api.put(
        "endpointslices",
        "default/kubernetes",
        """
        {"metadata":{"name":"kubernetes","namespace":"default","labels":\
        {"service.kubernetes.io/headless":""}}}""");
  }

  private void refresh() throws IOException {
    Map<String, String> now = new TreeMap<>();
    for (Path file : files()) {
      read(file, now);
    }
    for (Map.Entry<String, String> object : now.entrySet()) {
      if (!object.getValue().equals(served.get(object.getKey()))) {
        String[] key = object.getKey().split(" ", 2);
        api.put(key[0], key[1], object.getValue());
      }
    }
    for (String gone : served.keySet()) {
      if (!now.containsKey(gone)) {
        String[] key = gone.split(" ", 2);
        api.delete(key[0], key[1]);
      }
    }
    served.clear();
    served.putAll(now);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().matches(".*/[^.][^/]*\\.(yaml|json)")).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** A file that is gone by now, or is no YAML, has no objects. */
  private static void read(Path file, Map<String, String> objects) throws IOException {
    try {
      YamlDocuments documents = new YamlDocuments(Files.readString(file));
      for (Optional<YamlDocuments.Document> next = documents.next();
          next.isPresent();
          next = documents.next()) {
        add(next.get().root(), objects);
      }
    } catch (NoSuchFileException | UnreadableYamlException e) {
      return;
    }
  }

  private static void add(@Nullable Object tree, Map<String, String> objects) {
    if (tree == null) {
      return;
    }
    String resource = RESOURCES.get(ApiObject.text(tree, "kind").orElse(""));
    Optional<String> name = ApiObject.metadata(tree, "name");
    if (resource != null && name.isPresent()) {
      String namespace = ApiObject.metadata(tree, "namespace").orElse("default");
      String in = resource.equals("nodes") ? "" : namespace;
      objects.put(resource + " " + in + "/" + name.get(), JsonText.of(withNamespace(tree, in)));
    }
    if (ApiObject.child(tree, "items").orElse(null) instanceof List<?> items) {
      items.forEach(item -> add(item, objects));
    }
  }

  /** As an API server would have it. */
  private static Object withNamespace(Object tree, String namespace) {
    Map<String, @Nullable Object> object = members(tree);
    Map<String, @Nullable Object> metadata = members(object.get("metadata"));
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    object.put("metadata", metadata);
    return object;
  }

  private static Map<String, @Nullable Object> members(@Nullable Object tree) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (tree instanceof Map<?, ?> map) {
      map.forEach((name, value) -> members.put(String.valueOf(name), value));
    }
    return members;
  }
}
