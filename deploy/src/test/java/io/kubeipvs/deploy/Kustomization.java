package io.kubeipvs.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code kubectl kustomize} makes of a directory, for as much of its language as is used here:
 * resources, images, JSON patches, and patches that delete. Anything else is an error.
 */
final class Kustomization {
  private static final Set<String> KNOWN =
      Set.of("apiVersion", "kind", "resources", "images", "patches");

  private Kustomization() {}

  static List<JsonNode> build(Path directory) {
    JsonNode kustomization = only(Documents.read(directory.resolve("kustomization.yaml")));
    kustomization
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!KNOWN.contains(field)) {
                throw new IllegalArgumentException("the field " + field + " of " + directory);
              }
            });
    List<JsonNode> objects = new ArrayList<>();
    for (JsonNode resource : kustomization.path("resources")) {
      objects.addAll(resource(directory.resolve(resource.asText())));
    }
    for (JsonNode patch : kustomization.path("patches")) {
      objects = patched(objects, patch);
    }
    for (JsonNode image : kustomization.path("images")) {
      objects.forEach(object -> rename(object.at("/spec/template/spec"), image));
    }
    return objects;
  }

  private static List<JsonNode> resource(Path path) {
    return Files.isDirectory(path) ? build(path) : Documents.read(path);
  }

  private static JsonNode only(List<JsonNode> documents) {
    if (documents.size() != 1) {
      throw new IllegalArgumentException(documents.size() + " documents in the place of one");
    }
    return documents.get(0);
  }

  private static List<JsonNode> patched(List<JsonNode> objects, JsonNode patch) {
    JsonNode content = only(Documents.parse(patch.path("patch").asText()));
    boolean deletes = content.path("$patch").asText().equals("delete");
    JsonNode target = deletes ? content : patch.path("target");
    if (!deletes && !content.isArray()) {
      throw new IllegalArgumentException("neither a JSON patch nor one that deletes: " + content);
    }
    List<JsonNode> all = new ArrayList<>();
    int hits = 0;
    for (JsonNode object : objects) {
      boolean hit = isTarget(object, target);
      hits += hit ? 1 : 0;
      if (!hit) {
        all.add(object);
      } else if (!deletes) {
        all.add(JsonPatch.apply(content, object));
      }
    }
    if (hits != 1) {
      throw new IllegalArgumentException(hits + " objects are meant by " + target);
    }
    return all;
  }

  private static boolean isTarget(JsonNode object, JsonNode target) {
    String name = target.at("/metadata/name").asText(target.path("name").asText());
    return object.path("kind").equals(target.path("kind"))
        && object.at("/metadata/name").asText().equals(name);
  }

  private static void rename(JsonNode pod, JsonNode image) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : (Iterable<JsonNode>) pod.path(list)::elements) {
        String[] name = container.path("image").asText().split(":", 2);
        if (name[0].equals(image.path("name").asText())) {
          String tag = image.path("newTag").asText(name[1]);
          ((ObjectNode) container).put("image", image.path("newName").asText(name[0]) + ":" + tag);
        }
      }
    }
  }

  /** All images that an object's pods run. */
  static List<String> images(JsonNode object) {
    List<String> images = new ArrayList<>();
    for (String list : List.of("initContainers", "containers")) {
      if (object.at("/spec/template/spec/" + list) instanceof ArrayNode containers) {
        containers.forEach(container -> images.add(container.path("image").asText()));
      }
    }
    return images;
  }
}
