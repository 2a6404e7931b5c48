package io.kubeipvs.e2e.bench;

import io.kubeipvs.e2e.Output;
import io.kubeipvs.e2e.bench.Report.Target;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.state.IptablesState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code IptablesBench SERVICES PROGRAM...}: the rules of so many Services with two endpoints each,
 * by each kind of the tools, against one {@code iptables-restore} of the same text. Makes network
 * namespaces of its own.
 */
public final class IptablesBench {
  private static final String NAMESPACE = "kube-ipvs-bench";
  private static final int CHANGES = 20;
  private static final int LOOKS = 5;
  private static final PlanContext CONTEXT =
      new PlanContext(NodeInfo.named("node1"), NodeAddresses.NONE, PlanSettings.DEFAULT);

  private final int services;
  private final String program;
  private final Report report;
  private final IptablesState state =
      new IptablesState(
          IptablesPlanner.constants(AddressFamily.IPV4, CONTEXT, IptablesSettings.DEFAULT));

  private IptablesBench(int services, String program, Report report) {
    this.services = services;
    this.program = program;
    this.report = report;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Report report = new Report(System.out);
    for (int i = 1; i < arguments.length; i++) {
      new IptablesBench(Integer.parseInt(arguments[0]), arguments[i], report).run();
    }
  }

  /** What is measured may fail and throw. */
  private interface Work {
    void run() throws IOException;
  }

  private void run() throws IOException, InterruptedException {
    report.section("%,d Services x 2 endpoints, %s".formatted(services, program));
    long start = System.nanoTime();
    List<ServiceRules> plans = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      plans.add(plan(i, 2));
    }
    state.fill(plans);
    report.seconds("planning all, in a JVM that just started", (System.nanoTime() - start) / 1e9);
    Run tool = loadAtOnce(state.repair(SavedRules.NONE));
    freshNamespace();
    IptablesTools tools = tools();
    double load = seconds(() -> tools.restore(state.repair(tools.save())));
    report.run("one restore of everything", tool);
    report.seconds("our load: save, compare, restore", load);
    report.target("times one restore", load / tool.seconds(), "x", Target.atMost(1));
    report.milliseconds(
        "one endpoint more or less", samples(CHANGES, i -> change(tools, 7, 2 + i % 2)));
    report.milliseconds(
        "a Service that goes or comes", samples(CHANGES, i -> change(tools, 9, i % 2)));
    Samples looks = samples(LOOKS, i -> expectNothingToDo(tools));
    report.milliseconds("a comparison with nothing to do", looks);
    Output.of("ip", "netns", "delete", NAMESPACE).orFail();
  }

  private static ServiceRules plan(int number, int endpoints) {
    ServiceName name = new ServiceName("default", "service-" + number);
    Service service =
        Service.of(
            name,
            Instant.EPOCH,
            List.of(Workloads.vip(number)),
            List.of(new ServicePort("http", Protocol.TCP, 80, 0)));
    List<Endpoint> all = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      all.add(Endpoint.of(Workloads.pod(number * 3 + i), "node2"));
    }
    EndpointSlice slice =
        new EndpointSlice(
            new SliceName("default", "slice-" + number),
            name,
            AddressFamily.IPV4,
            List.of(new EndpointPort("http", Protocol.TCP, 8080)),
            all);
    return IptablesPlanner.plan(
        service, AddressFamily.IPV4, List.of(slice), CONTEXT, IptablesSettings.DEFAULT);
  }

  private Run loadAtOnce(Restore everything) throws IOException, InterruptedException {
    Path text = Files.createTempFile(Path.of("/dev/shm"), "rules", "");
    Files.writeString(text, everything.text(), StandardCharsets.ISO_8859_1);
    freshNamespace();
    Run run =
        Command.of(program + "-restore", "-w", "5", "--noflush", "--counters")
            .in(NAMESPACE)
            .reading(text)
            .run();
    Files.delete(text);
    return run;
  }

  private static void freshNamespace() {
    Output.of("ip", "netns", "delete", NAMESPACE);
    Output.of("ip", "netns", "add", NAMESPACE).orFail();
  }

  private IptablesTools tools() throws IOException {
    ToolOptions options =
        new ToolOptions(
            Optional.of(program),
            List.of("ip", "netns", "exec", NAMESPACE),
            ToolOptions.DEFAULT.environment(),
            ToolOptions.DEFAULT.lockWait(),
            Duration.ofMinutes(10));
    return IptablesTools.open(Family.IPV4, options);
  }

  /** The Service with so many endpoints; none: it is gone. */
  private void change(IptablesTools tools, int number, int endpoints) throws IOException {
    ServiceRules plan = plan(number, endpoints);
    ServiceRules next = endpoints == 0 ? ServiceRules.nothing(plan.service()) : plan;
    tools.restore(state.put(List.of(next)).restore());
  }

  private void expectNothingToDo(IptablesTools tools) throws IOException {
    if (!state.repair(tools.save()).isEmpty()) {
      throw new IllegalStateException("a comparison found what nobody had changed");
    }
  }

  /** One of several measurements, told its number. */
  private interface Step {
    void run(int number) throws IOException;
  }

  private static Samples samples(int times, Step step) throws IOException {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      int number = i;
      values.add(seconds(() -> step.run(number)));
    }
    return new Samples(values);
  }

  private static double seconds(Work work) throws IOException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
