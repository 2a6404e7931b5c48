package io.kubeipvs.ipvs;

import io.kubeipvs.net.NetworkNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code ipvsadm}: its commands and options, output, errors and exit codes, of version 1.31. */
public final class Ipvsadm {
  private static final int NO_SUCH_SERVICE = 1;
  private static final int FAILED = 1;
  private static final int WRONG = 2;

  /** What a shell says of the C tool when the pipe it writes to is closed: 128 + SIGPIPE. */
  private static final int NOBODY_READS = 141;

  /** Text held before it is written. */
  private static final int CHUNK = 1 << 16;

  private static final String USAGE =
      """
      Usage:
        ipvsadm -A|E virtual-service [-s scheduler] [-p [timeout]] [-M netmask] [--pe engine] [-b flags]
        ipvsadm -D virtual-service
        ipvsadm -C
        ipvsadm -R
        ipvsadm -S [-n]
        ipvsadm -a|e virtual-service -r server-address [options]
        ipvsadm -d virtual-service -r server-address
        ipvsadm -L|l [virtual-service] [options]
        ipvsadm -Z [virtual-service]
        ipvsadm --set tcp tcpfin udp
        ipvsadm --start-daemon {master|backup} [daemon-options]
        ipvsadm --stop-daemon {master|backup}
        ipvsadm -h

      A change made by hand to what the proxy keeps is taken back by its next look at the table.

      virtual-service:
        -t, --tcp-service ADDRESS[:PORT]
        -u, --udp-service ADDRESS[:PORT]
            --sctp-service ADDRESS[:PORT]
        -f, --fwmark-service MARK [-6]

      Options of -A and -E:
        -s, --scheduler NAME       rr, wrr, lc, wlc (the default), sh, mh, ...: what the kernel has
        -p, --persistent [SECONDS] a client stays with its server (default 360)
        -M, --netmask MASK         which clients count as one
            --pe ENGINE            persistence engine
        -o, --ops                  one-packet scheduling
        -b, --sched-flags FLAGS    sh-port, sh-fallback, mh-port, mh-fallback, flag-1 to flag-3

      Options of -a and -e:
        -r, --real-server ADDRESS[:PORT]
        -m, -i, -g                 masquerading, tunnelling, direct routing (the default)
        -w, --weight NUMBER        0 to 65535 (default 1)
        -x, -y NUMBER              upper and lower threshold of connections
            --tun-type TYPE        ipip (the default), gue, gre
            --tun-port PORT, --tun-nocsum, --tun-csum, --tun-remcsum

      Options of -L:
        -c, --connection           connections
            --timeout, --daemon    timeouts of connections; synchronisation daemons
            --stats, --rate        counters; counts a second
        -X, --exact                counters in full
            --thresholds, --persistent-conn, --tun-info
            --nosort               in the kernel's order
        -n, --numeric              numbers; without it names of hosts and ports, which takes time

      Options of --start-daemon:
        --mcast-interface NAME, --mcast-group ADDRESS, --mcast-port PORT, --mcast-ttl TTL
        --syncid ID, --sync-maxlen BYTES
      """;

  private final Ipvs table;
  private final NetworkNames names;
  private final IpvsadmRequest request;
  private final PrintStream out;
  private final PrintStream err;

  private Ipvsadm(
      Ipvs table, NetworkNames names, IpvsadmRequest request, PrintStream out, PrintStream err) {
    this.table = table;
    this.names = names;
    this.request = request;
    this.out = out;
    this.err = err;
  }

  /**
   * Does what the arguments ask for and answers the exit code.
   *
   * @param in rules, for {@code -R}
   */
  public static int run(
      List<String> arguments,
      Ipvs table,
      NetworkNames names,
      InputStream in,
      PrintStream out,
      PrintStream err) {
    try {
      IpvsadmRequest request = IpvsadmRequest.parse(arguments, names);
      int exitCode = new Ipvsadm(table, names, request, out, err).run(in);
      return out.checkError() ? NOBODY_READS : exitCode;
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

  private int run(InputStream in) throws IOException, IpvsadmUsageException {
    return switch (request.verb()) {
      case HELP -> print(USAGE);
      case VERSION -> print("ipvsadm of kube-ipvs, prints as v1.31\n");
      case LIST, SAVE -> list();
      case RESTORE -> new IpvsadmWriter(table, names, err).restore(reader(in));
      default -> new IpvsadmWriter(table, names, err).apply(request.change().orElseThrow());
    };
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private int print(String text) {
    out.print(text);
    return 0;
  }

  private int list() throws IOException, IpvsadmUsageException {
    checkViews();
    if (request.options().contains("connection")) {
      new IpvsadmConnections(
              request.options().contains("persistent-conn"), new IpvsadmNaming(asked()))
          .print(table.connections(), out);
      return 0;
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
    return request.key().isPresent() ? listOne(request.key().get()) : listAll();
  }

  private void checkViews() throws IpvsadmUsageException {
    Set<String> given = request.options();
    boolean ofSettings = given.contains("timeout") || given.contains("daemon");
    boolean ofServers =
        given.contains("stats") || given.contains("rate") || given.contains("thresholds");
    if (((ofSettings || given.contains("connection")) && ofServers)
        || (ofSettings && given.contains("persistent-conn"))) {
      throw new IpvsadmUsageException("options conflicts in the list command", WRONG);
    }
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

  private int listOne(ServiceKey key) throws IOException {
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
        if (out.checkError()) {
          return NOBODY_READS;
        }
      }
    }
    out.print(text);
    return 0;
  }

  private IpvsadmListing listing() {
    return new IpvsadmListing(request.view(), request.options().contains("exact"), asked());
  }

  private Optional<NetworkNames> asked() {
    return request.options().contains("numeric") ? Optional.empty() : Optional.of(names);
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
