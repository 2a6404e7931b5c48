package io.kubeipvs.proxy.source;

import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.ServiceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * {@code spec.ports} of a Service; used once. A bad port goes alone, a bad node port without it.
 */
final class ServicePortMapper {
  private final ServiceType type;
  private final boolean namesNeeded;
  private final Set<String> names = new HashSet<>();
  private final Set<String> numbers = new HashSet<>();
  private final Set<String> nodePorts = new HashSet<>();

  private ServicePortMapper(ServiceType type, boolean namesNeeded) {
    this.type = type;
    this.namesNeeded = namesNeeded;
  }

  static List<ServicePort> map(Field list, ServiceType type) {
    List<Field> items = list.items();
    if (items.isEmpty()) {
      list.refuse("holds no port");
    }
    ServicePortMapper mapper = new ServicePortMapper(type, items.size() > 1);
    List<ServicePort> ports = new ArrayList<>();
    items.forEach(item -> mapper.port(item).ifPresent(ports::add));
    return ports;
  }

  private Optional<ServicePort> port(Field item) {
    Optional<String> name = PortFields.name(item);
    Optional<Protocol> protocol = PortFields.protocol(item);
    OptionalInt port = PortFields.required(item.get("port"));
    if (name.isEmpty() || protocol.isEmpty() || port.isEmpty()) {
      return Optional.empty();
    }
    if (namesNeeded && name.get().isEmpty()) {
      item.get("name").refuse("is missing, and the Service has other ports");
      return Optional.empty();
    }
    if (!names.add(name.get())) {
      item.get("name").refuse(Shown.of(name.get()) + " is the name of two ports");
      return Optional.empty();
    }
    if (!numbers.add(protocol.get() + " " + port.getAsInt())) {
      item.get("port").refuse(protocol.get() + " " + port.getAsInt() + " is there already");
      return Optional.empty();
    }
    PortFields.checkTarget(item.get("targetPort"));
    int nodePort = nodePort(item.get("nodePort"), protocol.get());
    return Optional.of(new ServicePort(name.get(), protocol.get(), port.getAsInt(), nodePort));
  }

  private int nodePort(Field field, Protocol protocol) {
    int nodePort = field.integer(0, 0xffff).orElse(0);
    if (nodePort == 0) {
      return 0;
    }
    if (type == ServiceType.CLUSTER_IP) {
      field.refuse("a Service of type ClusterIP has no node port");
      return 0;
    }
    if (!nodePorts.add(protocol + " " + nodePort)) {
      field.refuse(protocol + " " + nodePort + " is there already");
      return 0;
    }
    return nodePort;
  }
}
