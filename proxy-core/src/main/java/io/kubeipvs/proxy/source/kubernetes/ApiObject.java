package io.kubeipvs.proxy.source.kubernetes;

import java.util.Map;
import java.util.Optional;

/** A member of an object's tree, where it is of the type it should be. */
final class ApiObject {
  private ApiObject() {}

  /** {@code metadata.name} and the like. */
  static Optional<String> metadata(Object tree, String member) {
    return child(tree, "metadata").flatMap(metadata -> text(metadata, member));
  }

  static Optional<String> text(Object tree, String member) {
    return child(tree, member).filter(String.class::isInstance).map(String.class::cast);
  }

  static Optional<Object> child(Object tree, String member) {
    return tree instanceof Map<?, ?> map ? Optional.ofNullable(map.get(member)) : Optional.empty();
  }
}
