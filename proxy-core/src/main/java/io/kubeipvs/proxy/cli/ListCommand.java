package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.IpvsTable;
import io.kubeipvs.proxy.inspect.KernelReader;
import io.kubeipvs.proxy.inspect.KernelReader.Content;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.inspect.SystemFiles;
import io.kubeipvs.proxy.inspect.list.ListBuilder;
import io.kubeipvs.proxy.inspect.list.ListFilter;
import io.kubeipvs.proxy.inspect.list.ListText;
import io.kubeipvs.proxy.inspect.list.RuleListBuilder;
import io.kubeipvs.proxy.inspect.list.ServiceList;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.inspect.rules.RuleTables;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = RunFlags.Accepting.class,
    exitCodeOnInvalidInput = 1,
    description = {
      "Shows Services as the kernel serves them: each way into each port, and the servers behind"
          + " it with pods and nodes.",
      "",
      "ACTIVE and INACTIVE are connections; CONN/S, PKT/S and B/S are a second, as the kernel's"
          + " estimator sees them (over some 8 s); bytes and connections are since the entry was"
          + " made or zeroed. STATE is empty when all is as it should be. A table wider than the"
          + " terminal is shown in short lines.",
      "",
      "In iptables mode the kernel keeps no connections by server. SHARE is what the chances of the"
          + " rules come to; FIRST PACKETS are those that rules have counted since they were"
          + " written, one for each new connection. With -o wide each line has its CHAIN."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:listed",
      "1:it could not be found out",
      "2:with --unhealthy: something is not as it should be"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # a Service, a namespace, whoever has an address",
      "  kube-ipvs list default/web",
      "  kube-ipvs list -n kube-system --rates",
      "  kube-ipvs list --address 10.96.0.10:80",
      "  # what drains, is missing, has no endpoints; until all is well",
      "  kube-ipvs list --unhealthy --watch",
      "  # out of a support archive",
      "  kube-ipvs list --from dump.tar.gz -o json"
    })
final class ListCommand implements Callable<Integer> {
  private static final int UNHEALTHY = 2;
  private static final String CLEAR = "\033[H\033[2J";

  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin SnapshotOptions where = new SnapshotOptions();
  @Mixin OutputOption output = new OutputOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "web, default/web or default/web:http (default: all)")
  String service = "";

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "",
      paramLabel = "NAMESPACE",
      description = "only Services of that namespace")
  String namespace = "";

  @Option(
      names = "--address",
      paramLabel = "ADDRESS[:PORT]",
      description = "only what has that address: an entrance or a server")
  @Nullable String address;

  @Option(
      names = "--unhealthy",
      description = "only what is not as it should be, and what has no endpoints")
  boolean unhealthy;

  @Option(names = "--rates", description = "with rates of connections, packets and bytes")
  boolean rates;

  @Option(
      names = {"-w", "--watch"},
      arity = "0..1",
      paramLabel = "DURATION",
      fallbackValue = "2s",
      converter = ProxyOptions.PositiveDuration.class,
      description = "again and again, every ${FALLBACK-VALUE} or so often")
  @Nullable Duration watch;

  @Override
  public Integer call() throws InterruptedException {
    try {
      ListFilter filter = filter();
      Duration pause = watch;
      if (pause == null) {
        return print(filter);
      }
      PrintWriter out = spec.commandLine().getOut();
      boolean terminal = Terminal.isOne();
      do {
        out.print(terminal ? CLEAR : "");
        print(filter);
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      } while (!Terminal.isReaderGone(out)); // the reader may have gone
      return 0;
    } catch (StartupException | IOException e) {
      spec.commandLine().getErr().println("kube-ipvs list: " + e.getMessage());
      return 1;
    }
  }

  private int print(ListFilter filter) throws StartupException, IOException {
    ServiceList list = list(filter);
    PrintWriter out = spec.commandLine().getOut();
    if (output.isText()) {
      boolean wide = output.form == OutputOption.Form.wide;
      out.print(new ListText(wide, rates, Terminal.width()).text(list));
      if (list.entrances().isEmpty() && !Terminal.isReaderGone(out)) {
        spec.commandLine().getErr().println(unhealthy ? "all is well" : "nothing to list");
      }
    } else {
      out.print(output.text(list));
    }
    out.flush();
    return unhealthy && !list.entrances().isEmpty() ? UNHEALTHY : 0;
  }

  private ServiceList list(ListFilter filter) throws StartupException, IOException {
    boolean statistics = rates || output.form != OutputOption.Form.text;
    Snapshot snapshot =
        where.take(
            EnumSet.of(statistics ? Content.IPVS : Content.IPVS_OVERVIEW),
            EnumSet.of(Content.RULES));
    if (SnapshotOptions.isInIpvsMode(snapshot)) {
      return ofTable(snapshot, statistics, filter);
    }
    if (!snapshot.cluster().isPresent() && !snapshot.kernel().rules().isPresent()) {
      throw new StartupException(String.join("; ", remarks(snapshot)));
    }
    return listed(snapshot, entrancesOfRules(snapshot), filter);
  }

  private ServiceList ofTable(Snapshot snapshot, boolean statistics, ListFilter filter)
      throws StartupException, IOException {
    if (!snapshot.cluster().isPresent() && !snapshot.kernel().ipvs().isPresent()) {
      throw new StartupException(String.join("; ", remarks(snapshot)));
    }
    boolean known = statistics || where.from != null;
    List<Entrance> entrances = entrances(snapshot, known);
    Set<ServiceKey> doubtful = known ? Set.of() : doubtful(entrances);
    if (!doubtful.isEmpty() && snapshot.kernel().ipvs().value().isPresent()) {
      IpvsTable verified =
          new KernelReader(new HostGates(), new SystemFiles())
              .verified(snapshot.kernel().ipvs().value().get(), doubtful);
      entrances = entrances(snapshot.with(snapshot.kernel().with(verified)), false);
    }
    return listed(snapshot, entrances, filter);
  }

  private ServiceList listed(Snapshot snapshot, List<Entrance> entrances, ListFilter filter)
      throws StartupException {
    return new ServiceList(
        snapshot.taken(),
        mode(snapshot),
        snapshot.cluster().map(Cluster::origin).orElse(""),
        entrances.stream().filter(filter::takes).toList(),
        remarks(snapshot));
  }

  /** All of a snapshot in which everything was read. */
  static String wide(Snapshot snapshot) throws StartupException, IOException {
    List<Entrance> entrances =
        SnapshotOptions.isInIpvsMode(snapshot)
            ? entrances(snapshot, true)
            : entrancesOfRules(snapshot);
    String origin = snapshot.cluster().map(Cluster::origin).orElse("");
    ServiceList list =
        new ServiceList(snapshot.taken(), mode(snapshot), origin, entrances, List.of());
    return new ListText(true, true, Integer.MAX_VALUE).text(list);
  }

  private static String mode(Snapshot snapshot) throws StartupException {
    return SnapshotOptions.isInIpvsMode(snapshot) ? "ipvs" : "iptables";
  }

  /** In iptables mode the ways in are those of IPVS mode; who serves them, rules say. */
  private static List<Entrance> entrancesOfRules(Snapshot snapshot)
      throws StartupException, IOException {
    Cluster cluster = snapshot.cluster().orElse(NOBODY_ASKS);
    DryRun ipvs = SnapshotOptions.ipvsDryRun(snapshot);
    ipvs.sync(cluster);
    DryRun rules = SnapshotOptions.dryRun(snapshot);
    rules.sync(cluster);
    return new RuleListBuilder(
            ipvs.desired(),
            RuleTables.wanted(rules),
            RuleTables.present(snapshot.kernel()),
            cluster.slices(),
            ipvs.status().conflicts(),
            cluster.nodeName())
        .build(cluster.services());
  }

  private static List<Entrance> entrances(Snapshot snapshot, boolean statistics)
      throws StartupException, IOException {
    Cluster cluster = snapshot.cluster().orElse(NOBODY_ASKS);
    DryRun dryRun = SnapshotOptions.ipvsDryRun(snapshot);
    dryRun.sync(cluster);
    return new ListBuilder(
            dryRun.desired(),
            snapshot.kernel().ipvs().value(),
            statistics,
            snapshot.running().orElse(Running.NOTHING),
            cluster.slices(),
            dryRun.status().conflicts(),
            cluster.nodeName(),
            snapshot.taken())
        .build(cluster.services());
  }

  private static final Cluster NOBODY_ASKS =
      new Cluster("", "", Optional.empty(), List.of(), List.of(), List.of());

  private static Set<ServiceKey> doubtful(List<Entrance> entrances) {
    Set<ServiceKey> keys = new HashSet<>();
    for (Entrance entrance : entrances) {
      if (entrance.isUnhealthy() && entrance.address().isPresent()) {
        keys.add(ServiceKey.of(entrance.protocol(), entrance.address().get(), entrance.port()));
      }
    }
    return keys;
  }

  private List<String> remarks(Snapshot snapshot) throws StartupException {
    List<String> remarks = new ArrayList<>();
    if (!snapshot.cluster().isPresent()) {
      remarks.add("Services are not known: " + snapshot.cluster().missing());
    }
    if (!SnapshotOptions.isInIpvsMode(snapshot)) {
      if (!snapshot.kernel().rules().isPresent()) {
        remarks.add("the kernel's rules are not known: " + snapshot.kernel().rules().missing());
      }
      if (rates) {
        remarks.add("there are no rates in iptables mode: rules only count");
      }
    } else if (!snapshot.kernel().ipvs().isPresent()) {
      remarks.add("the kernel is not known: " + snapshot.kernel().ipvs().missing());
    }
    if (rates && "0".equals(snapshot.kernel().sysctls().get("net/ipv4/vs/run_estimation"))) {
      remarks.add("there are no rates: net.ipv4.vs.run_estimation is 0");
    }
    snapshot
        .cluster()
        .map(Cluster::problems)
        .orElse(List.of())
        .forEach(problem -> remarks.add("left out: " + problem));
    return remarks;
  }

  private ListFilter filter() throws StartupException {
    String text = address;
    if (text == null) {
      return new ListFilter(namespace, service, Optional.empty(), OptionalInt.empty(), unhealthy);
    }
    Optional<IpAddress> alone = IpAddress.parse(text.replaceAll("^\\[(.*)]$", "$1"));
    if (alone.isPresent()) {
      return new ListFilter(namespace, service, alone, OptionalInt.empty(), unhealthy);
    }
    try {
      BindAddress both = BindAddress.parse(text, 1);
      return new ListFilter(
          namespace,
          service,
          both.address().map(known -> IpAddress.ofBytes(known.getAddress().getAddress())),
          OptionalInt.of(both.address().orElseThrow().getPort()),
          unhealthy);
    } catch (IllegalArgumentException e) {
      throw new StartupException(
          "--address: '" + text + "' is not an address like 10.96.0.1:80 or [fd00::1]:80");
    }
  }
}
