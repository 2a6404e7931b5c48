package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.source.Mapped;
import io.kubeipvs.proxy.source.ObjectMapping;
import io.kubeipvs.proxy.source.SourceListener;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A kind of object as the API has it, and what is done with one.
 *
 * @param plural as in the API's paths and in RBAC rules
 * @param key from namespace and name
 * @param witness an object every cluster has
 */
record Resource<K, T>(
    String plural,
    String path,
    String labelSelector,
    String fieldSelector,
    BiFunction<String, String, K> key,
    Optional<K> witness,
    Function<Object, Mapped<T>> mapping,
    BiConsumer<SourceListener, T> tell,
    BiConsumer<SourceListener, K> tellDeleted) {

  /** Left to nobody, or to another proxy; their values do not matter. */
  private static final String OURS =
      "!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name";

  static Resource<ServiceName, Service> services() {
    return new Resource<>(
        "services",
        "/api/v1/services",
        OURS,
        "spec.clusterIP!=None",
        ServiceName::new,
        Optional.of(ApiBackendGuard.API),
        ObjectMapping::service,
        SourceListener::service,
        SourceListener::serviceDeleted);
  }

  static Resource<SliceName, EndpointSlice> slices() {
    return new Resource<>(
        "endpointslices",
        "/apis/discovery.k8s.io/v1/endpointslices",
        OURS,
        "",
        SliceName::new,
        Optional.of(new SliceName("default", "kubernetes")),
        ObjectMapping::slice,
        SourceListener::slice,
        SourceListener::sliceDeleted);
  }

  /** The node of that name. That it is gone is not told: it would change nothing. */
  static Resource<String, NodeInfo> node(String name) {
    return new Resource<>(
        "nodes",
        "/api/v1/nodes",
        "",
        "metadata.name=" + name,
        (namespace, nodeName) -> nodeName,
        Optional.empty(),
        ObjectMapping::node,
        SourceListener::node,
        (listener, gone) -> {});
  }

  /** The same for an API server that does not know the field selector; mappers filter too. */
  Resource<K, T> withoutFieldSelector() {
    return new Resource<>(
        plural, path, labelSelector, "", key, witness, mapping, tell, tellDeleted);
  }

  /** A path with its query: the selectors, and these parameters. */
  String query(String parameters) {
    StringBuilder query = new StringBuilder(path).append('?').append(parameters);
    append(query, "labelSelector", labelSelector);
    append(query, "fieldSelector", fieldSelector);
    return query.toString();
  }

  static void append(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append('&').append(name).append('=');
      query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /** Of an object; nothing when it has no name. */
  Optional<K> keyOf(Object tree) {
    String namespace = ApiObject.metadata(tree, "namespace").orElse("");
    return ApiObject.metadata(tree, "name").map(name -> key.apply(namespace, name));
  }
}
