package io.kubeipvs.ipset;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** One set of {@link FakeIpSets}; the refusals are those seen of Linux 6.1 and 6.18. */
final class FakeSet {
  private static final Set<Integer> PROTOCOLS_WITH_PORTS = Set.of(6, 17, 132, 136);

  private final SetSpec spec;
  private final TreeSet<SetEntry> entries = new TreeSet<>();
  private UnaryOperator<SetHeader> headerChange = UnaryOperator.identity();
  private int references;

  FakeSet(SetSpec spec) {
    this.spec = spec;
  }

  Optional<Errno> add(SetEntry entry) {
    Optional<Errno> refusal = refusal(entry);
    if (refusal.isPresent()) {
      return refusal;
    }
    SetEntry stored = asStored(entry);
    boolean isFull = isHash() && entries.size() >= spec.maximumElements();
    if (isFull && !entries.contains(stored)) {
      return Optional.of(SetErrno.HASH_FULL);
    }
    entries.add(stored);
    return Optional.empty();
  }

  Optional<Errno> delete(SetEntry entry) {
    Optional<Errno> refusal = refusal(entry);
    if (refusal.isEmpty()) {
      entries.remove(asStored(entry));
    }
    return refusal;
  }

  Optional<Errno> flush() {
    entries.clear();
    return Optional.empty();
  }

  private boolean isHash() {
    return spec.type() != SetType.BITMAP_PORT;
  }

  private Optional<Errno> refusal(SetEntry entry) {
    if (!asStored(entry).fits(spec.type()) || !hasFamily(entry, spec.family())) {
      return Optional.of(SetErrno.PROTOCOL);
    }
    if (entry instanceof SetEntry.Ip ip && ip.address().isUnspecified()) {
      return Optional.of(SetErrno.HASH_ELEM);
    }
    // Since 6.3 (revision 7); older kernels store it.
    if (entry instanceof SetEntry.IpPort e && e.address().isUnspecified()) {
      return Optional.of(Errno.EINVAL);
    }
    return protocol(entry)
        .filter(protocol -> protocol.number() == 0)
        .map(protocol -> SetErrno.INVALID_PROTO);
  }

  private static boolean hasFamily(SetEntry entry, AddressFamily family) {
    if (entry instanceof SetEntry.Ip e) {
      return e.address().family() == family;
    }
    if (entry instanceof SetEntry.IpPort e) {
      return e.address().family() == family;
    }
    if (entry instanceof SetEntry.IpPortIp e) {
      return e.address().family() == family && e.second().family() == family;
    }
    return !(entry instanceof SetEntry.IpPortNet e)
        || (e.address().family() == family && e.network().family() == family);
  }

  private static Optional<Protocol> protocol(SetEntry entry) {
    if (entry instanceof SetEntry.IpPort e) {
      return Optional.of(e.protocol());
    }
    if (entry instanceof SetEntry.IpPortIp e) {
      return Optional.of(e.protocol());
    }
    return entry instanceof SetEntry.IpPortNet e ? Optional.of(e.protocol()) : Optional.empty();
  }

  /** Protocols without ports lose theirs, and a second address is a network of one. */
  private SetEntry asStored(SetEntry entry) {
    if (entry instanceof SetEntry.IpPort e) {
      return new SetEntry.IpPort(
          e.address(), e.protocol(), port(e.address(), e.protocol(), e.port()));
    }
    if (entry instanceof SetEntry.IpPortIp e) {
      int port = port(e.address(), e.protocol(), e.port());
      return spec.type() == SetType.HASH_IP_PORT_NET
          ? new SetEntry.IpPortNet(e.address(), e.protocol(), port, IpPrefix.host(e.second()))
          : new SetEntry.IpPortIp(e.address(), e.protocol(), port, e.second());
    }
    if (entry instanceof SetEntry.IpPortNet e) {
      return new SetEntry.IpPortNet(
          e.address(), e.protocol(), port(e.address(), e.protocol(), e.port()), e.network());
    }
    return entry;
  }

  private static int port(IpAddress address, Protocol protocol, int port) {
    int icmp = address.family() == AddressFamily.IPV4 ? 1 : 58;
    boolean keeps = PROTOCOLS_WITH_PORTS.contains(protocol.number()) || protocol.number() == icmp;
    return keeps ? port : 0;
  }

  boolean mayBeSwappedWith(FakeSet other) {
    return spec.type() == other.spec.type() && spec.family() == other.spec.family();
  }

  /** Rules refer to a place in the kernel's table; the contents move, the references stay. */
  void swapReferences(FakeSet other) {
    int mine = references;
    references = other.references;
    other.references = mine;
  }

  int references() {
    return references;
  }

  void setReferences(int number) {
    references = number;
  }

  void changeHeader(UnaryOperator<SetHeader> change) {
    headerChange = change;
  }

  ObservedSet observed(SetName name) {
    return ObservedSet.of(header(name), entries);
  }

  SetHeader header(SetName name) {
    return headerChange.apply(
        new SetHeader(
            name,
            spec.type().typeName(),
            revision(),
            spec.family(),
            spec.maximumElements(),
            0,
            isHash() ? 0 : 0xffff,
            0,
            -1,
            references,
            entries.size()));
  }

  /** Those of Linux 6.12. */
  private int revision() {
    return switch (spec.type()) {
      case HASH_IP, HASH_IP_PORT_IP -> 6;
      case HASH_IP_PORT -> 7;
      case HASH_IP_PORT_NET -> 8;
      case BITMAP_PORT -> 3;
    };
  }
}
