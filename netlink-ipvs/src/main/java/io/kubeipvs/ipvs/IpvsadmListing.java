package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.NetworkNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text of {@code ipvsadm -L} and {@code ipvsadm -S}, version 1.31, byte for byte. What it shows
 * of a mark is signed, whatever {@code -f} takes: that is how it prints them.
 *
 * @param names empty for numbers ({@code -n})
 * @param exact numbers of {@link View#STATISTICS} and {@link View#RATES} in full ({@code --exact})
 */
public record IpvsadmListing(View view, boolean exact, Optional<NetworkNames> names) {
  /**
   * Columns that a name of a service and of a server may take, if it is of IPv4; the rest is cut
   * off.
   */
  private static final int SERVICE_WIDTH = 33;

  private static final int SERVER_WIDTH = 28;

  /** What is listed about services and servers. */
  public enum View {
    CONNECTIONS,
    /** {@code --stats}. */
    STATISTICS,
    /** {@code --rate}. */
    RATES,
    /** {@code --thresholds}. */
    THRESHOLDS,
    /** {@code --persistent-conn}. */
    PERSISTENT_CONNECTIONS,
    /** {@code --tun-info}. */
    TUNNELS,
    /** {@code -S}. */
    RULES
  }

  /** A service and its servers, as read. */
  public record Entry(ObservedService service, List<ObservedServer> servers) {}

  /** {@code ipvsadm -L -n}. */
  public static final IpvsadmListing LIST = numeric(View.CONNECTIONS);

  /** {@code ipvsadm -S -n}. */
  public static final IpvsadmListing SAVE = numeric(View.RULES);

  /** In numbers. */
  public IpvsadmListing(View view, boolean exact) {
    this(view, exact, Optional.empty());
  }

  private static IpvsadmListing numeric(View view) {
    return new IpvsadmListing(view, false);
  }

  /** The whole table in the order the tool sorts it. */
  public String text(IpvsInfo info, List<Entry> entries) {
    StringBuilder text = new StringBuilder(heading(info)).append(title());
    List<ObservedService> order =
        IpvsadmOrder.services(entries.stream().map(Entry::service).toList());
    Map<ServiceKey, List<ObservedServer>> servers =
        entries.stream()
            .collect(Collectors.toMap(e -> e.service().service().key(), Entry::servers));
    for (ObservedService service : order) {
      List<ObservedServer> unsorted = servers.getOrDefault(service.service().key(), List.of());
      append(text, service, IpvsadmOrder.servers(unsorted));
    }
    return text.toString();
  }

  /** The line above a list of the whole table. */
  String heading(IpvsInfo info) {
    return view == View.RULES
        ? ""
        : "IP Virtual Server version %s (size=%d)\n"
            .formatted(info.versionText(), info.connectionTableSize());
  }

  /** The lines that name the columns. */
  String title() {
    return switch (view) {
      case RULES -> "";
      case CONNECTIONS ->
          """
          Prot LocalAddress:Port Scheduler Flags
            -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
          """;
      case TUNNELS ->
          """
          Prot LocalAddress:Port Scheduler Flags
            -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn
          """;
      case THRESHOLDS ->
          """
          Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn\s
            -> RemoteAddress:Port
          """;
      case PERSISTENT_CONNECTIONS ->
          """
          Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn\s
            -> RemoteAddress:Port
          """;
      case STATISTICS ->
          """
          Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
            -> RemoteAddress:Port
          """;
      case RATES ->
          """
          Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
            -> RemoteAddress:Port
          """;
    };
  }

  /** The lines of one service and its servers, these in the order given. */
  void append(StringBuilder text, ObservedService service, List<ObservedServer> servers) {
    if (view == View.RULES) {
      IpvsadmRules.append(text, service.service(), servers, naming());
      return;
    }
    service(text, service);
    text.append('\n');
    for (ObservedServer server : servers) {
      String name = naming().server(server.server().key(), service.service().key());
      boolean ipv6 = server.server().key().address().family() == AddressFamily.IPV6;
      pad(text.append("  -> "), ipv6 ? name : cut(name, SERVER_WIDTH), SERVER_WIDTH);
      server(text, server);
      text.append('\n');
    }
  }

  private void service(StringBuilder text, ObservedService service) {
    ServiceKey key = service.service().key();
    boolean ipv6 = key.family() == AddressFamily.IPV6;
    String name = ipv6 ? name(key) : cut(name(key), SERVICE_WIDTH);
    switch (view) {
      case STATISTICS -> counters(pad(text, name, SERVICE_WIDTH), service.statistics());
      case RATES -> rates(pad(text, name, SERVICE_WIDTH), service.statistics());
      default -> options(text.append(name), service.service());
    }
  }

  private IpvsadmNaming naming() {
    return new IpvsadmNaming(names);
  }

  /** Numbers are shown in full. */
  private String cut(String name, int width) {
    return names.isPresent() && name.length() > width ? name.substring(0, width) : name;
  }

  private String name(ServiceKey key) {
    if (key instanceof ServiceKey.FirewallMark mark) {
      return "FWM  " + mark.mark() + (IpvsadmText.isIpv6(mark) ? " IPv6" : "");
    }
    ServiceKey.Address address = (ServiceKey.Address) key;
    return IpvsadmText.protocolColumn(address.protocol()) + naming().service(address);
  }

  private static void options(StringBuilder text, VirtualService service) {
    text.append(' ').append(service.scheduler());
    String flags = IpvsadmText.schedulerFlags(service);
    if (!flags.isEmpty()) {
      text.append(" (").append(flags).append(')');
    }
    if (service.flags().has(ServiceFlags.PERSISTENT)) {
      text.append(" persistent ").append(Integer.toUnsignedString(service.persistenceSeconds()));
      String mask = IpvsadmText.mask(service);
      text.append(mask.isEmpty() ? "" : " mask ").append(mask);
      String engine = service.persistenceEngine();
      text.append(engine.isEmpty() ? "" : " pe ").append(engine);
    }
    if (service.flags().has(ServiceFlags.ONE_PACKET)) {
      text.append(" ops");
    }
  }

  private void server(StringBuilder text, ObservedServer server) {
    RealServer real = server.server();
    switch (view) {
      case STATISTICS -> counters(text, server.statistics());
      case RATES -> rates(text, server.statistics());
      case THRESHOLDS -> {
        unsigned(text, real.upperThreshold(), 10);
        unsigned(text, real.lowerThreshold(), 10);
        connections(text, server);
      }
      case PERSISTENT_CONNECTIONS -> {
        unsigned(text, real.weight(), 9);
        unsigned(text, server.persistentConnections(), 11);
        connections(text, server);
      }
      default -> {
        pad(text.append(' '), IpvsadmText.methodColumn(real.method()), 7);
        if (view == View.TUNNELS) {
          pad(text.append(' '), IpvsadmText.tunnelColumn(real), 13);
        }
        pad(text.append(' '), Integer.toString(real.weight()), 6);
        connections(text, server);
      }
    }
  }

  private static void connections(StringBuilder text, ObservedServer server) {
    unsigned(text, server.activeConnections(), 10);
    unsigned(text, server.inactiveConnections(), 10);
  }

  private void counters(StringBuilder text, Statistics statistics) {
    number(text, statistics.connections());
    number(text, statistics.incomingPackets());
    number(text, statistics.outgoingPackets());
    number(text, statistics.incomingBytes());
    number(text, statistics.outgoingBytes());
  }

  private void rates(StringBuilder text, Statistics statistics) {
    number(text, statistics.connectionRate());
    number(text, statistics.incomingPacketRate());
    number(text, statistics.outgoingPacketRate());
    number(text, statistics.incomingByteRate());
    number(text, statistics.outgoingByteRate());
  }

  /** Eight columns and a blank, shortened beyond 100 million unless exact. */
  private void number(StringBuilder text, long value) {
    if (exact || Long.compareUnsigned(value, 100_000_000L) < 0) {
      right(text, Long.toUnsignedString(value), 9);
    } else if (Long.compareUnsigned(value, 1_000_000_000L) < 0) {
      right(text, value / 1000 + "K", 9);
    } else if (Long.compareUnsigned(value, 100_000_000_000L) < 0) {
      right(text, value / 1_000_000 + "M", 9);
    } else if (Long.compareUnsigned(value, 100_000_000_000_000L) < 0) {
      right(text, value / 1_000_000_000L + "G", 9);
    } else {
      right(text, Long.divideUnsigned(value, 1_000_000_000_000L) + "T", 9);
    }
  }

  /** Right in that many columns, after a blank at least. */
  private static void right(StringBuilder text, String value, int width) {
    text.append(" ".repeat(Math.max(1, width - value.length()))).append(value);
  }

  private static void unsigned(StringBuilder text, int value, int width) {
    pad(text.append(' '), Integer.toUnsignedString(value), width);
  }

  /** Left in that many columns. */
  private static StringBuilder pad(StringBuilder text, String value, int width) {
    return text.append(value).append(" ".repeat(Math.max(0, width - value.length())));
  }
}
