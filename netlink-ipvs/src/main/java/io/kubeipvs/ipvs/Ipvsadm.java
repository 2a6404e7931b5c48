package io.kubeipvs.ipvs;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The part of {@code ipvsadm} that reads: {@code -L} and {@code -S} with their options, but for the
 * list of connections. Output, errors and exit codes are those of version 1.31 with {@code -n};
 * without it the output is numeric all the same, as nobody is asked for names.
 */
public final class Ipvsadm {
  private static final int NO_SUCH_SERVICE = 1;
  private static final int FAILED = 1;
  private static final int WRONG = 2;

  /** Text held before it is written. */
  private static final int CHUNK = 1 << 16;

  private static final String USAGE =
      """
      Usage:
        ipvsadm -S [-n]
        ipvsadm -L|l [virtual-service] [options]
        ipvsadm -h

      virtual-service:
        --tcp-service|-t  service-address   service-address is address[:port]
        --udp-service|-u  service-address   service-address is address[:port]
        --sctp-service    service-address   service-address is address[:port]
        --fwmark-service|-f fwmark          fwmark is an integer greater than zero

      Options:
        --ipv6         -6                   fwmark entry uses IPv6
        --timeout                           output of timeout (tcp tcpfin udp)
        --daemon                            output of daemon information
        --stats                             output of statistics information
        --rate                              output of rate information
        --exact                             expand numbers (display exact values)
        --thresholds                        output of thresholds information
        --persistent-conn                   output of persistent connection info
        --tun-info                          output of tunnel information
        --nosort                            disable sorting output of service/server entries
        --sort                              does nothing, for backwards compatibility
        --numeric      -n                   numeric output of addresses and ports
      """;

  private final Ipvs table;
  private final IpvsadmRequest request;
  private final PrintStream out;

  private Ipvsadm(Ipvs table, IpvsadmRequest request, PrintStream out) {
    this.table = table;
    this.request = request;
    this.out = out;
  }

  /** Does what the arguments ask for and answers the exit code. */
  public static int run(List<String> arguments, Ipvs table, PrintStream out, PrintStream err) {
    try {
      IpvsadmRequest request = IpvsadmRequest.parse(arguments);
      return new Ipvsadm(table, request, out).run(err);
    } catch (IpvsadmUsageException e) {
      err.println(e.getMessage());
      return e.exitCode();
    } catch (IOException e) {
      err.println(e.getMessage());
      return FAILED;
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** What {@code ipvsadm} says where there is no table to open, and the exit code. */
  public static int unavailable(PrintStream err) {
    err.println("Can't initialize ipvs: Protocol not available");
    err.println("Are you sure that IP Virtual Server is built in the kernel or as module?");
    return WRONG;
  }

  private int run(PrintStream err) throws IOException {
    switch (request.command()) {
      case "help" -> out.print(USAGE);
      case "version" -> out.println("ipvsadm of kube-ipvs, prints as v1.31");
      case "list", "save" -> {
        return list(err);
      }
      default -> {
        err.println("--" + request.command() + " changes the table, which is left to ipvsadm(8)");
        return WRONG;
      }
    }
    return 0;
  }

  private int list(PrintStream err) throws IOException {
    if (request.options().contains("connection")) {
      err.println("the list of connections is left to ipvsadm(8)");
      return WRONG;
    }
    if (request.options().contains("timeout")) {
      IpvsTimeouts timeouts = table.timeouts();
      out.printf(
          "Timeout (tcp tcpfin udp): %d %d %d%n",
          timeouts.tcpSeconds(), timeouts.tcpFinSeconds(), timeouts.udpSeconds());
      return 0;
    }
    if (request.options().contains("daemon")) {
      table.daemons().stream()
          .sorted(Comparator.comparing(SyncDaemon::state))
          .forEach(this::daemon);
      return 0;
    }
    return request.key().isPresent() ? listOne(request.key().get(), err) : listAll();
  }

  private void daemon(SyncDaemon daemon) {
    String state =
        switch (daemon.state()) {
          case MASTER -> "master";
          case BACKUP -> "backup";
        };
    out.printf(
        "%s sync daemon (mcast=%s, syncid=%d, maxlen=%d, group=%s, port=%d, ttl=%d)%n",
        state,
        daemon.multicastInterface(),
        daemon.syncId(),
        daemon.maximumLength(),
        daemon.group().map(Object::toString).orElse("0.0.0.0"),
        daemon.port(),
        daemon.timeToLive());
  }

  private int listOne(ServiceKey key, PrintStream err) throws IOException {
    Optional<ObservedService> service = table.service(key);
    if (service.isEmpty()) {
      err.println("No such service");
      return NO_SUCH_SERVICE;
    }
    IpvsadmListing listing = listing();
    StringBuilder text = new StringBuilder(listing.title());
    append(listing, text, service.get());
    out.print(text);
    return 0;
  }

  private int listAll() throws IOException {
    IpvsadmListing listing = listing();
    StringBuilder text = new StringBuilder(listing.heading(table.info())).append(listing.title());
    List<ObservedService> services = table.services();
    for (ObservedService service : sorted() ? IpvsadmOrder.services(services) : services) {
      append(listing, text, service);
      if (text.length() >= CHUNK) {
        out.print(text);
        text.setLength(0);
      }
    }
    out.print(text);
    return 0;
  }

  private IpvsadmListing listing() {
    return new IpvsadmListing(request.view(), request.options().contains("exact"));
  }

  private boolean sorted() {
    return !request.options().contains("nosort");
  }

  private void append(IpvsadmListing listing, StringBuilder text, ObservedService service)
      throws IOException {
    List<ObservedServer> servers = table.servers(service.service().key());
    listing.append(text, service, sorted() ? IpvsadmOrder.servers(servers) : servers);
  }
}
