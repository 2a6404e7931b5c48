package io.kubeipvs.deploy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.util.List;
import java.util.Map;

/**
 * The objects of the API as the client library's types have them, which are made from the OpenAPI
 * schema. They keep fields nobody knows and forgive wrong types; here both are errors. What has to
 * be there, the types do not say; it is said here.
 */
final class ApiModel {
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1/ServiceAccount", ServiceAccount.class,
          "v1/ConfigMap", ConfigMap.class,
          "rbac.authorization.k8s.io/v1/ClusterRole", ClusterRole.class,
          "rbac.authorization.k8s.io/v1/ClusterRoleBinding", ClusterRoleBinding.class,
          "apps/v1/DaemonSet", DaemonSet.class);

  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "ServiceAccount", List.of("/metadata/name", "/metadata/namespace"),
          "ConfigMap", List.of("/metadata/name", "/metadata/namespace", "/data"),
          "ClusterRole", List.of("/metadata/name", "/rules/0/verbs"),
          "ClusterRoleBinding",
              List.of(
                  "/metadata/name",
                  "/roleRef/apiGroup",
                  "/roleRef/kind",
                  "/roleRef/name",
                  "/subjects/0/kind",
                  "/subjects/0/name",
                  "/subjects/0/namespace"),
          "DaemonSet",
              List.of(
                  "/metadata/name",
                  "/metadata/namespace",
                  "/spec/selector/matchLabels",
                  "/spec/template/metadata/labels",
                  "/spec/template/spec/containers/0/name",
                  "/spec/template/spec/containers/0/image"));

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(new NothingUnknown())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .serializationInclusion(JsonInclude.Include.NON_EMPTY)
          .build();

  private ApiModel() {}

  /** The types keep what they do not know; without these two annotations they cannot. */
  private static final class NothingUnknown extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }

    @Override
    public Boolean hasAnyGetter(Annotated annotated) {
      return false;
    }
  }

  /**
   * That object as the API's server would read it.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static Object of(JsonNode object) {
    String kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    Class<?> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException("an object of the kind " + kind);
    }
    for (String path : REQUIRED.getOrDefault(type.getSimpleName(), List.of())) {
      if (object.at(path).isMissingNode()) {
        throw new IllegalArgumentException(kind + " without " + path);
      }
    }
    return read(object, type);
  }

  private static Object read(JsonNode object, Class<?> type) {
    try {
      Object value = STRICT.treeToValue(object, type);
      JsonNode again = STRICT.readTree(STRICT.writeValueAsString(value));
      if (!again.equals(object)) {
        throw new IllegalArgumentException("read as " + again + "\nwritten " + object);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
