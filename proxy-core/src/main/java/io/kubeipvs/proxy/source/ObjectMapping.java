package io.kubeipvs.proxy.source;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Single objects to the model, wherever they come from. An object is a tree as {@link
 * YamlDocuments} makes it.
 */
public final class ObjectMapping {
  private ObjectMapping() {}

  public static Mapped<Service> service(Object tree) {
    return map(tree, "Service", ServiceMapper::map);
  }

  public static Mapped<EndpointSlice> slice(Object tree) {
    return map(tree, "EndpointSlice", EndpointSliceMapper::map);
  }

  public static Mapped<NodeInfo> node(Object tree) {
    return map(tree, "Node", NodeMapper::map);
  }

  private static <T> Mapped<T> map(Object tree, String kind, Function<Field, Optional<T>> mapper) {
    List<Problem> problems = new ArrayList<>();
    Field root = Field.root(tree, new Problems("", "", problems));
    Optional<T> object = mapper.apply(root.as(kind));
    return new Mapped<>(object, problems);
  }
}
