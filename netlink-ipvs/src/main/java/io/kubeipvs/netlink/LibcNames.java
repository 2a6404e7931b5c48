package io.kubeipvs.netlink;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.net.Protocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import org.jspecify.annotations.Nullable;

/**
 * Names by the C library, which is what {@code ipvsadm} asks: so they are the same whatever {@code
 * nsswitch.conf} says. Each is asked for once. Structures as on machines of 64 bits:
 *
 * <pre>
 *   hostent: 0 h_name   8 h_aliases  16 h_addrtype 20 h_length  24 h_addr_list
 *   servent: 0 s_name   8 s_aliases  16 s_port (in network order)
 * </pre>
 */
public final class LibcNames implements NetworkNames {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private static final int ADDRESS_LIST = 24;
  private static final int PORT = 16;
  private static final int IPV4_LENGTH = 4;

  private final Map<IpAddress, Optional<String>> hosts = new HashMap<>();
  private final Map<String, Optional<String>> services = new HashMap<>();

  /** The calls we make; public because jnr implements it from a class loader of its own. */
  public interface LibC {
    @Nullable Pointer gethostbyaddr(@In byte[] address, int length, int family);

    @Nullable Pointer gethostbyname(String name);

    @Nullable Pointer getservbyport(int port, String protocol);

    @Nullable Pointer getservbyname(String name, String protocol);
  }

  private static final class Library {
    static final LibC C = LibraryLoader.create(LibC.class).load("c");
  }

  @Override
  public Optional<String> host(IpAddress address) {
    return hosts.computeIfAbsent(address, LibcNames::ask);
  }

  private static Optional<String> ask(IpAddress address) {
    byte[] bytes = address.toBytes();
    int family = address.family() == AddressFamily.IPV4 ? AF_INET : AF_INET6;
    return name(Library.C.gethostbyaddr(bytes, bytes.length, family));
  }

  @Override
  public Optional<String> service(int port, Protocol protocol) {
    String words = protocol.lowerCaseName();
    return services.computeIfAbsent(
        words + port, key -> name(Library.C.getservbyport(swapped(port), words)));
  }

  private static Optional<String> name(@Nullable Pointer entry) {
    return Optional.ofNullable(entry).map(there -> there.getPointer(0).getString(0));
  }

  @Override
  public Optional<IpAddress> address(String host) {
    Pointer entry = Library.C.gethostbyname(host);
    Pointer first = entry == null ? null : entry.getPointer(ADDRESS_LIST).getPointer(0);
    if (first == null) {
      return Optional.empty();
    }
    byte[] bytes = new byte[IPV4_LENGTH];
    first.get(0, bytes, 0, bytes.length);
    return Optional.of(IpAddress.ofBytes(bytes));
  }

  @Override
  public OptionalInt port(String service, Protocol protocol) {
    Pointer entry = Library.C.getservbyname(service, protocol.lowerCaseName());
    return entry == null
        ? OptionalInt.empty()
        : OptionalInt.of(swapped(entry.getInt(PORT) & 0xffff));
  }

  /** Machines we run on are little-endian, the network is not. */
  private static int swapped(int port) {
    return ((port & 0xff) << 8) | ((port >>> 8) & 0xff);
  }
}
