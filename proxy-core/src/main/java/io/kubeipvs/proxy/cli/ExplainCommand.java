package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.explain.Explain;
import io.kubeipvs.proxy.explain.Explanation;
import io.kubeipvs.proxy.explain.ExplanationText;
import io.kubeipvs.proxy.explain.ExplanationTree;
import io.kubeipvs.proxy.explain.Question;
import io.kubeipvs.proxy.explain.Questions;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.KernelReader;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.inspect.memory.DryRun;
import io.kubeipvs.proxy.json.TreeText;
import io.kubeipvs.proxy.state.DesiredState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs explain}. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = RunFlags.Accepting.class,
    exitCodeOnInvalidInput = ExplainCommand.FAILED,
    exitCodeOnExecutionException = ExplainCommand.FAILED,
    description =
        "Walks a packet through routes, rules, sets and IPVS as they are in the kernel, and says step"
            + " by step what becomes of it, and why. Sends nothing, changes nothing.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it is delivered",
      "1:there is no answer",
      "2:it is not delivered",
      "3:it depends on chance, or on what is not known"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  # a client outside asks a node port",
      "  kube-ipvs explain 192.0.2.10 10.0.2.15:30080",
      "  # a process of this node asks DNS",
      "  kube-ipvs explain node 10.96.0.10:53/udp",
      "  # a pod, by name",
      "  kube-ipvs explain default/web-1 10.96.0.10:80",
      "  # a connection that is there already, by its client's port",
      "  kube-ipvs explain 10.244.0.5:40000 10.96.0.10:80",
      "  # on any machine: what was so when the dump was taken",
      "  kube-ipvs explain --from dump.tar.gz 192.0.2.10 [2001:db8:e::10]:80"
    })
final class ExplainCommand implements Callable<Integer> {
  static final int FAILED = 1;
  private static final int NOT_DELIVERED = 2;
  private static final int DEPENDS = 3;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin SnapshotOptions where = new SnapshotOptions();
  @Mixin OutputOption output = new OutputOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "CLIENT",
      description =
          "an address, NAMESPACE/POD of an endpoint, or `node` for a process of this node;"
              + " ADDRESS:PORT for a connection that is there")
  @Nullable String client;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DESTINATION:PORT[/PROTOCOL]",
      description = "where to; tcp, if no protocol is given, or udp or sctp")
  @Nullable String destination;

  @Option(
      names = {"-i", "--in"},
      paramLabel = "DEVICE",
      description = "where the packet comes in (default: the device that leads back to the client)")
  String device = "";

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description =
          "questions, one CLIENT DESTINATION:PORT[/PROTOCOL] a line, answered by one look at the"
              + " kernel: a line each as text, a document each else; - for standard input")
  @Nullable String batch;

  @Override
  public Integer call() {
    try {
      List<String[]> asked = asked();
      Explain explain = look();
      List<Question> questions = new ArrayList<>();
      for (String[] words : asked) {
        questions.add(Questions.parse(words[0], words[1], device, explain::pod));
      }
      int code = 0;
      for (Question question : questions) {
        Explanation explanation = explain.explain(question);
        print(explanation);
        code = batch == null ? exitCode(explanation) : 0;
      }
      return code;
    } catch (IOException | StartupException | Questions.UnreadableException e) {
      spec.commandLine().getErr().println("kube-ipvs explain: " + e.getMessage());
      return FAILED;
    }
  }

  /** What was asked for, pairs of words; read before the kernel is. */
  private List<String[]> asked() throws IOException, Questions.UnreadableException {
    String from = client;
    String to = destination;
    String file = batch;
    if (file != null && from == null) {
      return lines(file);
    }
    if (file != null || from == null || to == null) {
      throw new IOException(
          "say who asks for what: kube-ipvs explain CLIENT DESTINATION:PORT, or --batch FILE");
    }
    return List.<String[]>of(new String[] {from, to});
  }

  private static List<String[]> lines(String file) throws IOException {
    List<String[]> asked = new ArrayList<>();
    try (BufferedReader in = open(file)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        String[] words = line.strip().split("\\s+", -1);
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (words.length != 2) {
          throw new IOException(
              "%s, line %d: not CLIENT DESTINATION:PORT[/PROTOCOL]".formatted(file, number));
        }
        asked.add(words);
      }
    }
    return asked;
  }

  private static BufferedReader open(String file) throws IOException {
    return file.equals("-")
        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
        : Files.newBufferedReader(Path.of(file));
  }

  private Explain look() throws StartupException, IOException {
    Snapshot snapshot = where.take(EnumSet.allOf(KernelReader.Content.class));
    Optional<DesiredState> desired = Optional.empty();
    List<Operation> due = List.of();
    if (snapshot.cluster().isPresent()) {
      Cluster cluster = snapshot.cluster().value().orElseThrow();
      DryRun ipvs = SnapshotOptions.ipvsDryRun(snapshot);
      due = ipvs.sync(cluster).done();
      desired = Optional.of(ipvs.desired());
      if (!isBalanced(snapshot)) {
        due = SnapshotOptions.dryRun(snapshot).sync(cluster).done();
      }
    }
    return new Explain(snapshot, desired, due);
  }

  /** In iptables mode a sync does something else; whose an address is does not depend on it. */
  private static boolean isBalanced(Snapshot snapshot) throws StartupException {
    return RunFlags.parse(snapshot.flags()).mode == ProxyOptions.Mode.ipvs
        && snapshot.kernel().ipvs().isPresent();
  }

  private void print(Explanation explanation) {
    PrintWriter out = spec.commandLine().getOut();
    switch (output.form) {
      case json -> out.println(TreeText.line(ExplanationTree.of(explanation)));
      case yaml -> out.print(TreeText.document(ExplanationTree.of(explanation)));
      case text ->
          out.print(
              batch == null
                  ? ExplanationText.of(explanation, false)
                  : ExplanationText.line(explanation) + "\n");
      case wide -> out.print(ExplanationText.of(explanation, true));
    }
    out.flush();
  }

  private static int exitCode(Explanation explanation) {
    return switch (explanation.verdict()) {
      case DELIVERED -> 0;
      case REFUSED, DROPPED -> NOT_DELIVERED;
      case DEPENDS, UNKNOWN -> DEPENDS;
    };
  }
}
