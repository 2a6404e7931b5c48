package io.kubeipvs.proxy.source;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ExternalAccess;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServiceType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code v1 Service} to the model. What the API server would refuse is reported and skipped: a port
 * or an address alone, the whole Service when its cluster IP is wrong.
 */
final class ServiceMapper {
  private static final String EXTERNAL_NAME = "ExternalName";
  private static final Map<String, Optional<ServiceType>> TYPES =
      Map.of(
          "ClusterIP",
          Optional.of(ServiceType.CLUSTER_IP),
          "NodePort",
          Optional.of(ServiceType.NODE_PORT),
          "LoadBalancer",
          Optional.of(ServiceType.LOAD_BALANCER),
          EXTERNAL_NAME,
          Optional.empty());
  private static final Map<String, Boolean> AFFINITIES = Map.of("None", false, "ClientIP", true);

  /** {@code DefaultClientIPServiceAffinitySeconds} and its limit. */
  private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

  private static final int MAXIMUM_AFFINITY_SECONDS = 86_400;

  private ServiceMapper() {}

  /** Empty, without a report, for Services that are nothing for a proxy, or another proxy's. */
  static Optional<Service> map(Field unnamed) {
    return ObjectMeta.namespaced("Service", unnamed)
        .filter(meta -> !meta.isForAnotherProxy())
        .flatMap(ServiceMapper::map);
  }

  private static Optional<Service> map(ObjectMeta meta) {
    Field spec = meta.object().get("spec");
    Optional<ServiceType> type = type(spec.get("type"));
    if (type.isEmpty()) {
      return Optional.empty();
    }
    Optional<List<IpAddress>> clusterIps = ClusterIps.map(spec, type.get());
    if (clusterIps.isEmpty()) {
      return Optional.empty();
    }
    UnusedFields.check(spec, type.get());
    ExternalAccess external = ExternalAccessMapper.map(meta.object(), type.get());
    return Optional.of(
        new Service(
            new ServiceName(meta.namespace(), meta.name()),
            meta.text("uid"),
            meta.text("resourceVersion"),
            meta.created(),
            type.get(),
            clusterIps.get(),
            ServicePortMapper.map(spec.get("ports"), type.get()),
            affinity(spec),
            Choice.policy(spec.get("internalTrafficPolicy")),
            external,
            SettingsMapper.map(meta.annotations())));
  }

  /** Empty for one that cannot be read, and for ExternalName, which is not reported. */
  private static Optional<ServiceType> type(Field field) {
    return field.isPresent()
        ? Choice.of(field, TYPES).flatMap(type -> type)
        : Optional.of(ServiceType.CLUSTER_IP);
  }

  private static Optional<Duration> affinity(Field spec) {
    Field config = spec.get("sessionAffinityConfig");
    if (!Choice.of(spec.get("sessionAffinity"), AFFINITIES).orElse(false)) {
      if (config.isPresent()) {
        config.refuse("needs sessionAffinity ClientIP");
      }
      return Optional.empty();
    }
    Field timeout = config.get("clientIP").get("timeoutSeconds");
    int seconds = timeout.integer(1, MAXIMUM_AFFINITY_SECONDS).orElse(DEFAULT_AFFINITY_SECONDS);
    return Optional.of(Duration.ofSeconds(seconds));
  }
}
