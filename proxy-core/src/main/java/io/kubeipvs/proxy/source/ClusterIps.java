package io.kubeipvs.proxy.source;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ServiceType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * {@code clusterIP}, {@code clusterIPs} and {@code ipFamilies} of a Service. They say the same
 * thing thrice; where they disagree nobody knows what was meant, and the Service is left out.
 */
final class ClusterIps {
  private static final String HEADLESS = "None";

  private ClusterIps() {}

  /** Empty for headless Services, which is not reported, and for those whose address is wrong. */
  static Optional<List<IpAddress>> map(Field spec, ServiceType type) {
    Field single = spec.get("clusterIP");
    List<Field> fields = new ArrayList<>(spec.get("clusterIPs").items());
    if (isHeadless(single) || fields.stream().anyMatch(ClusterIps::isHeadless)) {
      if (type != ServiceType.CLUSTER_IP) {
        single.refuse("only a Service of type ClusterIP can be headless");
      }
      return Optional.empty();
    }
    if (fields.isEmpty() && single.isPresent()) {
      fields.add(single);
    }
    if (fields.isEmpty() || "".equals(single.value())) {
      single.refuse("is missing, and here is no API server to choose one");
      return Optional.empty();
    }
    if (single.isPresent() && !Objects.equals(single.value(), fields.get(0).value())) {
      fields.get(0).refuse("differs from spec.clusterIP");
      return Optional.empty();
    }
    return addresses(fields).filter(addresses -> areOf(spec.get("ipFamilies"), fields, addresses));
  }

  private static boolean isHeadless(Field field) {
    return HEADLESS.equals(field.value());
  }

  private static Optional<List<IpAddress>> addresses(List<Field> fields) {
    List<IpAddress> addresses = new ArrayList<>();
    for (Field field : fields) {
      Optional<IpAddress> address = Addresses.proxied(field);
      if (address.isEmpty()) {
        return Optional.empty();
      }
      addresses.add(address.get());
    }
    if (addresses.stream().map(IpAddress::family).distinct().count() < addresses.size()) {
      fields.get(addresses.size() - 1).refuse("is of the same family as another");
      return Optional.empty();
    }
    return Optional.of(addresses);
  }

  private static boolean areOf(Field families, List<Field> fields, List<IpAddress> addresses) {
    List<Field> items = families.items();
    Set<AddressFamily> seen = EnumSet.noneOf(AddressFamily.class);
    for (int i = 0; i < items.size(); i++) {
      Optional<AddressFamily> family = items.get(i).text().flatMap(Addresses::family);
      if (family.isEmpty()) {
        items.get(i).refuse("is neither IPv4 nor IPv6");
        return false;
      }
      if (!seen.add(family.get())) {
        items.get(i).refuse("is there already");
        return false;
      }
      if (i < addresses.size() && addresses.get(i).family() != family.get()) {
        fields.get(i).refuse(addresses.get(i) + " is not of the family in " + items.get(i).path());
        return false;
      }
    }
    return true;
  }
}
