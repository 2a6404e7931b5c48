package io.kubeipvs.proxy.cli;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.KernelReader.Content;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.Owners;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.inspect.ToolRules;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.inspect.steps.Plan;
import io.kubeipvs.proxy.inspect.steps.Script;
import io.kubeipvs.proxy.inspect.steps.Step;
import io.kubeipvs.proxy.inspect.steps.Steps;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = RunFlags.Accepting.class,
    exitCodeOnInvalidInput = 1,
    description = {
      "Says what a sync would do now, as commands in order, each with its reason. Changes nothing.",
      "",
      "The commands are those of ipvsadm, ipset, iptables-restore, ip and conntrack, and a shell"
          + " takes them: `kube-ipvs plan | sh -e` is a sync by hand."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing to do",
      "1:it could not be found out",
      "2:something to do, also where the kernel would refuse it or something stands in its way"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # beside a daemon: what its next sync would repair",
      "  kube-ipvs plan",
      "  # what a restart with that flag would change, and what would take it back",
      "  kube-ipvs plan --ipvs-scheduler=wrr",
      "  kube-ipvs plan --ipvs-scheduler=wrr --undo",
      "  # without a daemon: what these manifests ask for",
      "  kube-ipvs plan --manifests DIR",
      "  # on any machine: what a change of manifests would do on node1",
      "  kube-ipvs plan --before OLD --after NEW --hostname-override node1"
    })
final class PlanCommand implements Callable<Integer> {
  private static final int SOMETHING = 2;

  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin SnapshotOptions where = new SnapshotOptions();
  @Mixin OutputOption output = new OutputOption();

  @Option(names = "--undo", description = "what takes the sync back, in the right order")
  boolean undo;

  @Option(
      names = "--before",
      paramLabel = "DIR",
      description = "with --after: manifests that are in force; no kernel is looked at")
  @Nullable Path before;

  @Option(
      names = "--after",
      paramLabel = "DIR",
      description = "with --before: manifests that are to be in force")
  @Nullable Path after;

  @Override
  public Integer call() {
    try {
      return before == null && after == null ? ofKernel() : ofManifests();
    } catch (StartupException | IOException e) {
      spec.commandLine().getErr().println("kube-ipvs plan: " + e.getMessage());
      return 1;
    }
  }

  private int ofKernel() throws StartupException, IOException {
    Snapshot snapshot =
        where.take(EnumSet.of(Content.IPVS, Content.SETS, Content.RULES, Content.FLOWS));
    Steps steps = steps(snapshot);
    return print(steps, snapshot, snapshot.cluster().value().orElseThrow());
  }

  private static Steps steps(Snapshot snapshot) throws StartupException, IOException {
    Cluster cluster = require("what the cluster asks for", snapshot.cluster());
    if (SnapshotOptions.isInIpvsMode(snapshot)) {
      require("the IPVS table", snapshot.kernel().ipvs());
      require("IP sets", snapshot.kernel().sets());
    }
    require("addresses and routes", snapshot.kernel().routing());
    require("iptables rules", snapshot.kernel().rules());
    return Steps.of(SnapshotOptions.dryRun(snapshot), cluster, Owners.NOBODY);
  }

  /** What it prints of such a snapshot. */
  static String script(Snapshot snapshot) throws StartupException, IOException {
    Steps steps = steps(snapshot);
    return new Script(tools(snapshot.kernel())).text(steps.forward(), steps.remarks());
  }

  private int ofManifests() throws StartupException, IOException {
    if (before == null || after == null) {
      throw new StartupException("--before and --after go together");
    }
    List<String> flags = RunFlags.among(spec.commandLine().getParseResult());
    OfflineClusters clusters = OfflineClusters.read(before, after, flags);
    DryRun dryRun = SnapshotOptions.dryRun(clusters.snapshot());
    dryRun.sync(clusters.before());
    Owners former = new Owners(dryRun.desired());
    return print(Steps.of(dryRun, clusters.after(), former), clusters.snapshot(), clusters.after());
  }

  private int print(Steps steps, Snapshot snapshot, Cluster cluster) throws IOException {
    Script script = new Script(tools(snapshot.kernel()));
    List<Step> chosen = undo ? steps.undo() : steps.forward();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isText()) {
      out.print(script.text(chosen, steps.remarks()));
    } else {
      out.print(output.text(Plan.of(snapshot.taken(), cluster.origin(), steps, undo, script)));
    }
    out.flush();
    return exitCode(steps, undo);
  }

  /** What is wanted and refused is something to do too, though not by a sync. */
  static int exitCode(Steps steps, boolean undo) {
    boolean nothing = undo ? steps.undo().isEmpty() : steps.nothingToDo();
    return nothing ? 0 : SOMETHING;
  }

  /** {@code iptables-nft 1.8.9 (nf_tables)} is called iptables-nft. An archive may say anything. */
  private static Map<AddressFamily, String> tools(KernelState kernel) {
    Map<AddressFamily, String> tools = new EnumMap<>(AddressFamily.class);
    for (ToolRules rules : kernel.rules().value().orElse(List.of())) {
      String program = rules.tool().replaceFirst(" .*", "");
      if (program.matches("ip6?tables(-nft|-legacy)?")) {
        tools.put(rules.family(), program);
      }
    }
    return tools;
  }

  private static <T> T require(String what, Part<T> part) throws StartupException {
    Optional<T> value = part.value();
    return value.orElseThrow(
        () -> new StartupException(what + " cannot be read: " + part.missing()));
  }
}
