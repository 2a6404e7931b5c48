package io.kubeipvs.proxy.source.kubernetes;

import java.util.List;

/**
 * A path of the API: {@code /api/v1/nodes}, {@code
 * /apis/discovery.k8s.io/v1/namespaces/default/endpointslices/web}.
 *
 * @param group empty for the core
 * @param namespace empty for all, and for what has none
 * @param name empty for a collection
 */
record ApiPath(String group, String namespace, String resource, String name) {

  static ApiPath of(String path) {
    List<String> words = List.of(path.substring(1).split("/", -1));
    int version = words.get(0).equals("api") ? 1 : 2;
    String group = version == 1 ? "" : word(words, 1);
    boolean namespaced =
        word(words, version + 1).equals("namespaces") && words.size() > version + 3;
    int resource = namespaced ? version + 3 : version + 1;
    return new ApiPath(
        group,
        namespaced ? word(words, version + 2) : "",
        word(words, resource),
        word(words, resource + 1));
  }

  private static String word(List<String> words, int index) {
    return index < words.size() ? words.get(index) : "";
  }

  /** Of one object, {@code namespace/name}. */
  String key() {
    return namespace + "/" + name;
  }

  ApiPath withName(String given) {
    return new ApiPath(group, namespace, resource, given);
  }

  /** Whether an object of that key is meant or among those meant. */
  boolean covers(String key) {
    if (!name.isEmpty()) {
      return key.equals(key());
    }
    return namespace.isEmpty() || key.startsWith(namespace + "/");
  }
}
