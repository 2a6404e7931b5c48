package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.check.Checks;
import io.kubeipvs.proxy.check.Fixer;
import io.kubeipvs.proxy.check.Report;
import io.kubeipvs.proxy.check.ReportText;
import io.kubeipvs.proxy.check.ReportTree;
import io.kubeipvs.proxy.check.facts.ApiState;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.NodeReader;
import io.kubeipvs.proxy.check.facts.Wanted;
import io.kubeipvs.proxy.config.SysctlFiles;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.KernelReader;
import io.kubeipvs.proxy.inspect.KernelReader.Content;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.inspect.SystemFiles;
import io.kubeipvs.proxy.json.TreeText;
import io.kubeipvs.proxy.source.kubernetes.AccessException;
import io.kubeipvs.proxy.source.kubernetes.ApiAccess;
import io.kubeipvs.proxy.source.kubernetes.ApiProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = RunFlags.Accepting.class,
    exitCodeOnInvalidInput = 1,
    description =
        "Looks at this node: whether the kernel, its settings and modules, the tools and what is in"
            + " the kernel's tables are as Services need them. Changes nothing without --fix, and"
            + " needs no running daemon.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing to do",
      "1:something could not be looked at, and nothing else is wrong",
      "2:there are warnings",
      "3:there are errors: Services do not work, or will not"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kube-ipvs check                         what is wrong",
      "  kube-ipvs check --output wide           and what was found to be well",
      "  kube-ipvs check --fix                   load modules and set kernel settings, look again",
      "  kube-ipvs check --kubeconfig FILE       ask the API server too, and compare the clocks",
      "  kube-ipvs check -o json | jq '.findings[] | select(.severity == \"error\")'"
    })
final class CheckCommand implements Callable<Integer> {
  enum Format {
    text,
    wide,
    json,
    yaml
  }

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description =
          "${COMPLETION-CANDIDATES}; wide shows what is well too (default: ${DEFAULT-VALUE})")
  Format format = Format.text;

  @Option(
      names = "--fix",
      description =
          "load missing modules and set kernel settings, as the proxy does; says each change")
  boolean fix;

  @Option(
      names = "--daemon",
      paramLabel = "ADDRESS[:PORT]",
      defaultValue = "127.0.0.1:10249",
      converter = ServerOptions.Metrics.class,
      description =
          "where a running daemon serves its metrics, to ask it for Services and settings (default:"
              + " ${DEFAULT-VALUE}). All flags of `run` are taken too: --manifests, --kubeconfig,"
              + " --master or --config say where Services are, the others what the proxy wants")
  BindAddress daemon = BindAddress.parse("127.0.0.1:10249", 10249);

  @Override
  public Integer call() throws IOException {
    try {
      List<String> flags = RunFlags.among(spec.commandLine().getParseResult());
      Optional<ApiState> api = api(RunFlags.parse(flags));
      Report report = look(flags, api);
      Fixer.Result fixed = new Fixer.Result(List.of(), List.of());
      if (fix && !report.fixes().isEmpty()) {
        fixed = new Fixer(new SysctlFiles(), Programs::run).apply(report.fixes());
        report = look(flags, api);
      }
      spec.commandLine().getOut().print(text(report, fixed));
      spec.commandLine().getOut().flush();
      return report.worst().exitCode();
    } catch (StartupException e) {
      spec.commandLine().getErr().println("kube-ipvs check: " + e.getMessage());
      return 1;
    }
  }

  private Report look(List<String> flags, Optional<ApiState> api)
      throws IOException, StartupException {
    Part<Snapshot> asked = asked(flags, api);
    List<String> inForce = asked.map(Snapshot::flags).orElse(flags);
    Optional<String> fallbackReason =
        asked
            .value()
            .flatMap(snapshot -> snapshot.running().value())
            .flatMap(Running::fallbackReason);
    Wanted wanted = wanted(RunFlags.parse(inForce), fallbackReason);
    NodeFacts facts =
        new NodeReader(new HostGates()).read(Checks.MODULES, wanted, api, drift(asked));
    return Checks.look(facts);
  }

  private static Wanted wanted(ProxyOptions options, Optional<String> fallbackReason) {
    if (options.mode == ProxyOptions.Mode.iptables) {
      return Wanted.iptables(
          fallbackReason, options.strictArp, Preflight.servesNodePortsOnLoopback(options));
    }
    Scheduler scheduler =
        options.scheduler.isEmpty() ? Scheduler.ROUND_ROBIN : new Scheduler(options.scheduler);
    boolean byAddress = options.binding == ProxyOptions.Binding.address;
    return Wanted.ipvs(scheduler, options.strictArp, byAddress);
  }

  /** What the cluster asks for; a server that was not reached a moment ago is not waited for. */
  private Part<Snapshot> asked(List<String> flags, Optional<ApiState> api) {
    Optional<String> away = api.flatMap(ApiState::failure);
    if (away.isPresent()) {
      return Part.missing("the API server cannot be asked: " + away.get());
    }
    SnapshotOptions where = new SnapshotOptions();
    where.daemon = daemon;
    try {
      return Part.of(where.asked(flags));
    } catch (StartupException e) {
      return Part.missing(String.valueOf(e.getMessage()));
    }
  }

  /** What a sync would do. */
  private static Part<List<String>> drift(Part<Snapshot> asked) {
    if (!asked.isPresent()) {
      return Part.missing(asked.missing());
    }
    Snapshot snapshot = asked.value().orElseThrow();
    Part<Cluster> cluster = snapshot.cluster();
    if (!cluster.isPresent()) {
      return Part.missing(cluster.missing());
    }
    EnumSet<Content> contents = EnumSet.of(Content.IPVS, Content.SETS, Content.RULES);
    Snapshot complete =
        snapshot.with(new KernelReader(new HostGates(), new SystemFiles()).read(contents));
    return Part.read(
        () -> {
          try {
            return SnapshotOptions.dryRun(complete)
                .sync(cluster.value().orElseThrow())
                .done()
                .stream()
                .map(Operation::toString)
                .toList();
          } catch (StartupException e) {
            throw new IOException(e.getMessage(), e);
          }
        });
  }

  private static Optional<ApiState> api(ProxyOptions options) {
    boolean pod = System.getenv("KUBERNETES_SERVICE_HOST") != null;
    boolean named = !options.kubeconfig.isEmpty() || !options.master.isEmpty();
    if (options.manifests != null || !(named || pod)) {
      return Optional.empty();
    }
    try {
      ApiProbe.Answer answer =
          ApiProbe.ask(ApiAccess.choose(options.kubeconfig, options.master, System.getenv()));
      return Optional.of(
          new ApiState(
              answer.server(),
              answer.failure(),
              answer.refused(),
              answer.took(),
              answer.clockAhead()));
    } catch (AccessException e) {
      String reason = String.valueOf(e.getMessage());
      return Optional.of(
          new ApiState("", Optional.of(reason), List.of(), Duration.ZERO, Optional.empty()));
    }
  }

  private String text(Report report, Fixer.Result fixed) {
    return switch (format) {
      case text -> new ReportText(false).of(report, fixed);
      case wide -> new ReportText(true).of(report, fixed);
      case json -> TreeText.json(ReportTree.of(report, fixed));
      case yaml -> TreeText.yaml(ReportTree.of(report, fixed));
    };
  }
}
