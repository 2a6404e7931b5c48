package io.kubeipvs.proxy.source;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Manifests that are good but for what a test puts in, and what is said of them. */
final class GivenManifest {
  private GivenManifest() {}

  /**
   * Something wrong in an object.
   *
   * @param fields instead of those of a good one, and beside them
   * @param problem without file and object
   */
  record Case(String fields, String problem) {
    @Override
    public String toString() {
      return fields;
    }
  }

  static Manifest service(String... fields) {
    StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Service\n");
    text.append("metadata: {name: web}\nspec:\n");
    if (Stream.of(fields).noneMatch(field -> field.startsWith("clusterIP:"))) {
      text.append("  clusterIP: 10.96.0.1\n");
    }
    Stream.of(fields).forEach(field -> text.append("  ").append(field).append('\n'));
    return read(text.toString());
  }

  static Manifest slice(String field) {
    StringBuilder text =
        new StringBuilder("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n");
    if (!field.startsWith("metadata:")) {
      text.append("metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}\n");
    }
    if (!field.startsWith("addressType:")) {
      text.append("addressType: IPv4\n");
    }
    return read(text.append(field).append('\n').toString());
  }

  static Manifest read(String text) {
    return ManifestReader.read("test.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> problems(Manifest manifest) {
    return manifest.problems().stream().map(each -> each.field() + ": " + each.message()).toList();
  }
}
