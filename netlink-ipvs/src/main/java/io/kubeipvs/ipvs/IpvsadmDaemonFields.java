package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import java.util.Optional;

/** What the options of a command line say of the connection synchronisation daemon. */
final class IpvsadmDaemonFields {
  private static final int WRONG = 2;

  /** A UDP datagram's without the headers of IP and UDP. */
  private static final int LONGEST_MESSAGE = 65535 - 20 - 8;

  private String multicastInterface = "eth0";
  private Optional<IpAddress> group = Optional.empty();
  private int syncId;
  private int maximumLength;
  private int port;
  private int timeToLive;

  /** Whether the option is one of a daemon's. */
  boolean take(IpvsadmOption option, String argument) throws IpvsadmUsageException {
    switch (option.name()) {
      case "mcast-interface" -> multicastInterface = argument;
      case "mcast-group" -> group = Optional.of(group(argument));
      case "mcast-port" -> port = number(argument, 1, 65535, "mcast-port");
      case "mcast-ttl" -> timeToLive = number(argument, 1, 255, "mcast-ttl");
      case "sync-maxlen" -> maximumLength = number(argument, 1, LONGEST_MESSAGE, "sync-maxlen");
      case "syncid" -> syncId = number(argument, 0, 255, "syncid");
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int minimum, int maximum, String what)
      throws IpvsadmUsageException {
    return IpvsadmNumbers.require(text, minimum, maximum, "illegal " + what + " specified");
  }

  private static IpAddress group(String argument) throws IpvsadmUsageException {
    AddressFamily family = argument.contains(":") ? AddressFamily.IPV6 : AddressFamily.IPV4;
    return IpAddress.parse(argument)
        .filter(address -> address.family() == family && isMulticast(address))
        .orElseThrow(
            () ->
                new IpvsadmUsageException(
                    "invalid %s mcast-group `%s'"
                        .formatted(family == AddressFamily.IPV6 ? "IPv6" : "IPv4", argument),
                    WRONG));
  }

  /** 224.0.0.0/4 and ff00::/8. */
  private static boolean isMulticast(IpAddress address) {
    return address.family() == AddressFamily.IPV6
        ? address.high() >>> 56 == 0xff
        : (address.low() & 0xf000_0000L) == 0xe000_0000L;
  }

  /**
   * The daemon to start or to stop.
   *
   * @param illegal what the tool says to any other word
   */
  static SyncDaemon.State state(String word, String illegal) throws IpvsadmUsageException {
    return switch (word) {
      case "master" -> SyncDaemon.State.MASTER;
      case "backup" -> SyncDaemon.State.BACKUP;
      default -> throw new IpvsadmUsageException(illegal, WRONG);
    };
  }

  SyncDaemon daemon(SyncDaemon.State state) {
    return new SyncDaemon(
        state, multicastInterface, syncId, maximumLength, group, port, timeToLive);
  }
}
