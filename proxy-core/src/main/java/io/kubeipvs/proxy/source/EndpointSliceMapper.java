package io.kubeipvs.proxy.source;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.SliceName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code discovery.k8s.io/v1 EndpointSlice} to the model. A bad port or endpoint goes alone. */
final class EndpointSliceMapper {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time";

  /** Of any object's name, as the API server has it. */
  private static final int LONGEST_NAME = 253;

  private EndpointSliceMapper() {}

  /** Empty, without a report, for slices that are nothing for a proxy: FQDN, another proxy's. */
  static Optional<EndpointSlice> map(Field unnamed) {
    return ObjectMeta.namespaced("EndpointSlice", unnamed)
        .filter(meta -> !meta.isForAnotherProxy())
        .flatMap(EndpointSliceMapper::map);
  }

  private static Optional<EndpointSlice> map(ObjectMeta meta) {
    Optional<AddressFamily> family = family(meta.object().get("addressType"));
    Optional<String> service = ObjectMeta.serviceName(meta.label(SERVICE_NAME));
    if (family.isEmpty() || service.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new EndpointSlice(
            new SliceName(meta.namespace(), meta.name()),
            new ServiceName(meta.namespace(), service.get()),
            family.get(),
            ports(meta.object().get("ports")),
            endpoints(meta.object().get("endpoints"), family.get()),
            meta.time(meta.annotations().get(TRIGGERED)),
            meta.version()));
  }

  private static Optional<AddressFamily> family(Field type) {
    Optional<String> text = type.requiredText();
    Optional<AddressFamily> family = text.flatMap(Addresses::family);
    if (family.isEmpty() && text.isPresent() && !text.get().equals("FQDN")) {
      type.refuse(Shown.of(text.get()) + " is none of IPv4, IPv6, FQDN");
    }
    return family;
  }

  /** A name left out is an empty one, and a protocol TCP: the API server fills them in so. */
  private static List<EndpointPort> ports(Field list) {
    List<EndpointPort> ports = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Field item : list.items()) {
      Optional<String> name = PortFields.name(item);
      Optional<Protocol> protocol = PortFields.protocol(item);
      OptionalInt port = PortFields.required(item.get("port"));
      if (name.isEmpty() || protocol.isEmpty() || port.isEmpty()) {
        continue;
      }
      if (!names.add(name.get())) {
        item.get("name").refuse(Shown.of(name.get()) + " is the name of two ports");
        continue;
      }
      ports.add(new EndpointPort(name.get(), protocol.get(), port.getAsInt()));
    }
    return ports;
  }

  private static List<Endpoint> endpoints(Field list, AddressFamily family) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Field item : list.items()) {
      endpoint(item, family).ifPresent(endpoints::add);
    }
    return endpoints;
  }

  private static Optional<Endpoint> endpoint(Field item, AddressFamily family) {
    Optional<IpAddress> address = address(item.get("addresses"), family);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    Field conditions = item.get("conditions");
    return Optional.of(
        new Endpoint(
            address.get(),
            conditions.get("ready").flag(true),
            conditions.get("serving").flag(true),
            conditions.get("terminating").flag(false),
            name(item.get("nodeName")),
            name(item.get("zone")),
            hints(item.get("hints").get("forZones")),
            hints(item.get("hints").get("forNodes")),
            pod(item.get("targetRef"))));
  }

  /** It has no effect on traffic, so what is wrong with it is nobody's problem. */
  private static String pod(Field target) {
    return target.value() instanceof Map<?, ?> reference
            && "Pod".equals(reference.get("kind"))
            && reference.get("name") instanceof String name
            && name.length() <= LONGEST_NAME
        ? name
        : "";
  }

  /** Only the first one counts: all of them are the same pod. */
  private static Optional<IpAddress> address(Field addresses, AddressFamily family) {
    List<Field> items = addresses.items();
    if (items.isEmpty()) {
      addresses.refuse("holds no address");
      return Optional.empty();
    }
    Field first = items.get(0);
    if (!first.isPresent()) {
      first.refuse("is missing");
    }
    items.subList(1, items.size()).forEach(Addresses::proxied);
    Optional<IpAddress> address = Addresses.proxied(first);
    if (address.isPresent() && address.get().family() != family) {
      first.refuse(address.get() + " is not of the slice's addressType");
      return Optional.empty();
    }
    return address;
  }

  /** Shared, because the endpoints of a large cluster repeat a few thousand names. */
  private static String name(Field field) {
    return field.text().map(String::intern).orElse("");
  }

  private static List<String> hints(Field list) {
    List<String> names = new ArrayList<>();
    for (Field item : list.items()) {
      item.get("name").requiredText().map(String::intern).ifPresent(names::add);
    }
    return names;
  }
}
