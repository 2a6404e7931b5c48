package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.net.Protocol;
import java.util.Optional;

/** What the options of a command line say of the virtual service, taken in their order. */
final class IpvsadmServiceFields {
  private static final int WRONG = 2;
  private static final String DEFAULT_SCHEDULER = "wlc";

  /** Of a persistent service, in seconds: 31 days. */
  static final int LONGEST_TIMEOUT = 31 * 24 * 3600;

  private static final String DEFAULT_TIMEOUT = "360";

  private final NetworkNames names;
  private Optional<ServiceKey> key = Optional.empty();
  private String scheduler = DEFAULT_SCHEDULER;
  private String schedulerFlags = "";
  private String engine = "";
  private int flags;
  private int persistenceSeconds;
  private int netmask = VirtualService.hostMask(AddressFamily.IPV4);

  IpvsadmServiceFields(NetworkNames names) {
    this.names = names;
  }

  /** Of the service, if it was given; the tool takes TCP for a firewall mark's. */
  Optional<Protocol> protocol() {
    return key.map(
        whole -> whole instanceof ServiceKey.Address own ? own.protocol() : Protocol.TCP);
  }

  Optional<ServiceKey> key() {
    return key;
  }

  /** Whether the option is one of a service's. */
  boolean take(IpvsadmOption option, String argument) throws IpvsadmUsageException {
    switch (option.name()) {
      case "service-address" -> key = Optional.of(service(option.longName(), argument));
      case "scheduler" -> scheduler = argument;
      case "sched-flags" -> schedulerFlags = argument;
      case "pe" -> engine = argument;
      case "ops" -> flags |= ServiceFlags.ONE_PACKET;
      case "persistent" -> persist(argument);
      case "netmask" -> netmask = mask(argument);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** {@code -6}, which stands behind {@code -f}. */
  void useIpv6() throws IpvsadmUsageException {
    if (key.isEmpty() || !(key.get() instanceof ServiceKey.FirewallMark mark)) {
      throw wrong("-6 used before -f\n");
    }
    setKey(ServiceKey.ofMark(AddressFamily.IPV6, mark.mark()));
  }

  private void setKey(ServiceKey newKey) {
    key = Optional.of(newKey);
    if (newKey.family() == AddressFamily.IPV6) {
      netmask = VirtualService.hostMask(AddressFamily.IPV6);
    }
  }

  private ServiceKey service(String option, String argument) throws IpvsadmUsageException {
    ServiceKey service =
        switch (option) {
          case "fwmark-service" -> mark(argument);
          case "tcp-service" -> address(Protocol.TCP, argument);
          case "udp-service" -> address(Protocol.UDP, argument);
          default -> address(Protocol.SCTP, argument);
        };
    setKey(service);
    return service;
  }

  private static ServiceKey mark(String argument) throws IpvsadmUsageException {
    if (argument.matches("[0-9]{1,10}")) {
      long mark = Long.parseLong(argument);
      if (mark > 0 && mark <= 0xffff_ffffL) {
        return ServiceKey.ofMark(AddressFamily.IPV4, (int) mark);
      }
    }
    throw wrong("invalid fwmark value `" + argument + "' specified");
  }

  private ServiceKey address(Protocol protocol, String argument) throws IpvsadmUsageException {
    IpvsadmAddress address =
        IpvsadmAddress.parse(argument, Optional.of(protocol), names)
            .orElseThrow(() -> wrong("illegal virtual server address[:port] specified"));
    return ServiceKey.of(protocol, address.address(), address.port().orElse(0));
  }

  private void persist(String argument) throws IpvsadmUsageException {
    flags |= ServiceFlags.PERSISTENT;
    persistenceSeconds = timeout(argument.isEmpty() ? DEFAULT_TIMEOUT : argument, 1);
  }

  static int timeout(String argument, int minimum) throws IpvsadmUsageException {
    return IpvsadmNumbers.require(
        argument, minimum, LONGEST_TIMEOUT, "invalid timeout value `" + argument + "' specified");
  }

  private int mask(String argument) throws IpvsadmUsageException {
    if (key.isPresent() && key.get().family() == AddressFamily.IPV6) {
      return IpvsadmNumbers.require(argument, 1, 128, "illegal ipv6 netmask specified");
    }
    if (argument.matches("[0-9]{1,9}")) {
      return Integer.parseInt(argument); // inet_aton(3): one number is all four bytes
    }
    return IpAddress.parse(argument)
        .filter(address -> address.family() == AddressFamily.IPV4)
        .map(address -> (int) address.low())
        .orElseThrow(() -> wrong("illegal virtual server persistent mask specified"));
  }

  /** The service of {@code -A} and {@code -E}. */
  VirtualService service() throws IpvsadmUsageException {
    ServiceKey whole = key.orElseThrow();
    int schedulerBits = schedulerBits();
    if (whole instanceof ServiceKey.Address address) {
      if (address.port() == 0 && (flags & ServiceFlags.PERSISTENT) == 0) {
        throw wrong("Zero port specified for non-persistent service");
      }
      if ((flags & ServiceFlags.ONE_PACKET) != 0 && !address.protocol().equals(Protocol.UDP)) {
        throw wrong("One-Packet Scheduling is only for UDP virtual services");
      }
    }
    return new VirtualService(
        whole,
        new Scheduler(scheduler),
        new ServiceFlags(flags | schedulerBits),
        persistenceSeconds,
        netmask,
        engine);
  }

  private int schedulerBits() throws IpvsadmUsageException {
    int bits = 0;
    for (String flag : schedulerFlags.split(",", -1)) {
      if (!flag.isEmpty()) {
        bits |= schedulerBit(flag);
      }
    }
    return bits;
  }

  private int schedulerBit(String flag) throws IpvsadmUsageException {
    int bit =
        switch (flag) {
          case "flag-1", "sh-fallback", "mh-fallback" -> ServiceFlags.SCHEDULER_1;
          case "flag-2", "sh-port", "mh-port" -> ServiceFlags.SCHEDULER_2;
          case "flag-3" -> ServiceFlags.SCHEDULER_3;
          default -> throw wrong("invalid scheduler flag `" + flag + "'");
        };
    if (!flag.startsWith("flag-") && !flag.startsWith(scheduler + "-")) {
      throw wrong("incompatible scheduler flag `" + flag + "'");
    }
    return bit;
  }

  private static IpvsadmUsageException wrong(String message) {
    return new IpvsadmUsageException(message, WRONG);
  }
}
