package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.source.UnreadableYamlException;
import io.kubeipvs.proxy.source.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a ClusterRole grants, as {@code list services} or {@code list discovery.k8s.io/nodes}. */
final class GrantedRights {
  private GrantedRights() {}

  /** Of all ClusterRoles in a file of manifests. */
  static Set<String> of(Path file) throws IOException, UnreadableYamlException {
    Set<String> rights = new TreeSet<>();
    YamlDocuments documents = new YamlDocuments(Files.readString(file));
    for (Optional<YamlDocuments.Document> next = documents.next();
        next.isPresent();
        next = documents.next()) {
      Object tree = next.get().root();
      if (tree != null && ApiObject.text(tree, "kind").orElse("").equals("ClusterRole")) {
        strings(tree, "rules").forEach(rule -> add(rule, rights));
      }
    }
    return rights;
  }

  private static void add(Object rule, Set<String> rights) {
    for (Object group : strings(rule, "apiGroups")) {
      for (Object resource : strings(rule, "resources")) {
        for (Object verb : strings(rule, "verbs")) {
          rights.add(verb + " " + (group.equals("") ? "" : group + "/") + resource);
        }
      }
    }
  }

  private static List<?> strings(Object tree, String member) {
    return ApiObject.child(tree, member).orElse(List.of()) instanceof List<?> list
        ? list
        : List.of();
  }
}
