package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which {@code ipvsadm} 1.31 lists. It compares by subtracting 32-bit words, so that
 * two addresses more than half the address space apart compare the wrong way round (192.168.0.1
 * comes before 10.0.0.1, 100.64.0.1 between them on either side). Such a comparison is no order:
 * what comes out depends on which pairs the sort looks at. Hence the C library's own merge sort
 * ({@code qsort(3)} of glibc) instead of ours, which would refuse it.
 */
final class IpvsadmOrder {
  private IpvsadmOrder() {}

  static List<ObservedService> services(List<ObservedService> services) {
    return sorted(services, (a, b) -> compare(a.service().key(), b.service().key()));
  }

  static List<ObservedServer> servers(List<ObservedServer> servers) {
    return sorted(servers, (a, b) -> compare(a.server().key(), b.server().key()));
  }

  /** By mark, those with addresses counting as 0; family; protocol; address; port. */
  private static int compare(ServiceKey a, ServiceKey b) {
    int byMark = mark(a) - mark(b);
    if (byMark != 0) {
      return byMark;
    }
    int byFamily = a.family().number() - b.family().number();
    if (byFamily != 0
        || !(a instanceof ServiceKey.Address first)
        || !(b instanceof ServiceKey.Address second)) {
      return byFamily;
    }
    int byProtocol = first.protocol().number() - second.protocol().number();
    if (byProtocol != 0) {
      return byProtocol;
    }
    int byAddress = compare(first.address(), second.address());
    return byAddress != 0 ? byAddress : first.port() - second.port();
  }

  private static int mark(ServiceKey key) {
    return key instanceof ServiceKey.FirewallMark mark ? mark.mark() : 0;
  }

  private static int compare(ServerKey a, ServerKey b) {
    int byAddress = compare(a.address(), b.address());
    return byAddress != 0 ? byAddress : a.port() - b.port();
  }

  /** As many words as the first one's family has; the other may be of the other family. */
  private static int compare(IpAddress a, IpAddress b) {
    int words = a.family() == AddressFamily.IPV4 ? 1 : 4;
    for (int i = 0; i < words; i++) {
      int difference = word(a, i) - word(b, i);
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  private static int word(IpAddress address, int index) {
    if (address.family() == AddressFamily.IPV4) {
      return index == 0 ? (int) address.low() : 0;
    }
    long half = index < 2 ? address.high() : address.low();
    return (int) (index % 2 == 0 ? half >>> 32 : half);
  }

  private static <T> List<T> sorted(List<T> values, Comparator<T> order) {
    List<T> sorted = new ArrayList<>(values);
    mergeSort(sorted, order);
    return sorted;
  }

  /** The lower half, rounded down, then the upper, then both merged, equal ones as they were. */
  private static <T> void mergeSort(List<T> values, Comparator<T> order) {
    if (values.size() < 2) {
      return;
    }
    int middle = values.size() / 2;
    List<T> lower = values.subList(0, middle);
    List<T> upper = values.subList(middle, values.size());
    mergeSort(lower, order);
    mergeSort(upper, order);
    merge(new ArrayList<>(lower), upper, values, order);
  }

  /** The upper half is read before it is written over: there are never more left to write. */
  private static <T> void merge(List<T> lower, List<T> upper, List<T> values, Comparator<T> order) {
    int i = 0;
    int j = 0;
    while (i < lower.size() && j < upper.size()) {
      boolean takeLower = order.compare(lower.get(i), upper.get(j)) <= 0;
      values.set(i + j, takeLower ? lower.get(i) : upper.get(j));
      i += takeLower ? 1 : 0;
      j += takeLower ? 0 : 1;
    }
    for (; i < lower.size(); i++) {
      values.set(i + j, lower.get(i));
    }
  }
}
