package io.kubeipvs.proxy.cli;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.check.Checks;
import io.kubeipvs.proxy.check.Fixer;
import io.kubeipvs.proxy.check.Report;
import io.kubeipvs.proxy.check.ReportText;
import io.kubeipvs.proxy.check.ReportTree;
import io.kubeipvs.proxy.check.TreeText;
import io.kubeipvs.proxy.check.facts.ApiState;
import io.kubeipvs.proxy.check.facts.Known;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.check.facts.NodeReader;
import io.kubeipvs.proxy.check.facts.Wanted;
import io.kubeipvs.proxy.config.SysctlFiles;
import io.kubeipvs.proxy.source.kubernetes.AccessException;
import io.kubeipvs.proxy.source.kubernetes.ApiAccess;
import io.kubeipvs.proxy.source.kubernetes.ApiProbe;
import java.io.IOException;
import java.time.Duration;
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
      "  kube-ipvs check --fix                   load modules and set kernel settings, then look"
          + " again",
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
      names = "--kubeconfig",
      defaultValue = "",
      paramLabel = "FILE",
      description = "ask the API server too; in a pod that is done without")
  String kubeconfig = "";

  @Option(
      names = "--master",
      defaultValue = "",
      paramLabel = "URL",
      description = "address of the API server, in the place of the kubeconfig's")
  String master = "";

  @Option(
      names = "--ipvs-scheduler",
      defaultValue = "rr",
      paramLabel = "NAME",
      description = "the scheduler the proxy is to use (default: ${DEFAULT-VALUE})")
  String scheduler = "rr";

  @Option(names = "--ipvs-strict-arp", description = "the proxy is run with --ipvs-strict-arp")
  boolean strictArp;

  @Option(
      names = "--ipvs-vip-binding",
      defaultValue = "route",
      description =
          "how the proxy binds VIPs: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  ProxyOptions.Binding binding = ProxyOptions.Binding.route;

  @Override
  public Integer call() throws IOException {
    Optional<ApiState> api = api();
    Report report = Checks.look(read(api));
    Fixer.Result fixed = new Fixer.Result(List.of(), List.of());
    if (fix && !report.fixes().isEmpty()) {
      fixed = new Fixer(new SysctlFiles(), Programs::run).apply(report.fixes());
      report = Checks.look(read(api));
    }
    spec.commandLine().getOut().print(text(report, fixed));
    spec.commandLine().getOut().flush();
    return report.worst().exitCode();
  }

  private NodeFacts read(Optional<ApiState> api) throws IOException {
    Wanted wanted =
        new Wanted(new Scheduler(scheduler), strictArp, binding == ProxyOptions.Binding.address);
    Known<List<String>> drift = Known.missing("no daemon was asked");
    return new NodeReader(new CheckGateways()).read(Checks.MODULES, wanted, api, drift);
  }

  private Optional<ApiState> api() {
    boolean pod = System.getenv("KUBERNETES_SERVICE_HOST") != null;
    if (kubeconfig.isEmpty() && master.isEmpty() && !pod) {
      return Optional.empty();
    }
    try {
      ApiProbe.Answer answer = ApiProbe.ask(ApiAccess.choose(kubeconfig, master, System.getenv()));
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
