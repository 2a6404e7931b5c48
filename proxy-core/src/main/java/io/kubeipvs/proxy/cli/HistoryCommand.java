package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.history.HistoryPage;
import io.kubeipvs.proxy.history.HistoryText;
import io.kubeipvs.proxy.json.JsonValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Shows what the daemon on this node did last, and why: each sync with the objects that"
            + " changed, the operations, what failed, what was repaired, and how long it took.",
    footer = {
      "",
      "Examples:",
      "  kube-ipvs history --last 5",
      "  kube-ipvs history --follow",
      "  kube-ipvs history --output json",
      "",
      "Exit codes: 0 shown, 1 no daemon answers, 2 wrong usage."
    })
final class HistoryCommand implements Callable<Integer> {
  /** Shows the same as text for people and for programs. */
  enum Output {
    text,
    json,
    yaml
  }

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-f", "--follow"},
      description = "go on with each sync as it happens, until stopped")
  boolean follow;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "text|json|yaml",
      description = "json: an object a line (default: ${DEFAULT-VALUE})")
  Output output = Output.text;

  @Option(
      names = "--last",
      defaultValue = "10000",
      paramLabel = "N",
      converter = ServerOptions.Count.class,
      description = "no more than the newest N (default: all the daemon remembers)")
  int last = 10_000;

  @Option(
      names = {"--daemon", "--metrics-bind-address"},
      defaultValue = "127.0.0.1:10249",
      paramLabel = "ADDRESS[:PORT]",
      converter = ServerOptions.Metrics.class,
      description = "where the daemon serves its metrics (default: ${DEFAULT-VALUE})")
  BindAddress address = new BindAddress(Optional.empty());

  private @Nullable String instance;
  private long next;

  @Override
  public Integer call() throws InterruptedException {
    if (address.address().isEmpty()) {
      err("--daemon needs an address");
      return 1;
    }
    HistoryClient daemon = new HistoryClient(address.address().get());
    try {
      show(daemon, last);
    } catch (IOException e) {
      err(
          "no daemon answers at %s (%s); is `kube-ipvs run` running, and is this its --metrics-bind-address?"
              .formatted(daemon.address(), e.getMessage()));
      return 1;
    }
    return follow ? follow(daemon) : 0;
  }

  /** A daemon that restarts is waited for; its numbers begin anew. */
  private int follow(HistoryClient daemon) throws InterruptedException {
    boolean away = false;
    while (!Terminal.isReaderGone(spec.commandLine().getOut())) {
      TimeUnit.SECONDS.sleep(1);
      try {
        show(daemon, Integer.MAX_VALUE);
        away = false;
      } catch (IOException e) {
        if (!away) {
          err("the daemon does not answer (" + e.getMessage() + "), waiting for it");
        }
        away = true;
      }
    }
    return 0; // whoever read this has gone
  }

  private void show(HistoryClient daemon, int limit) throws IOException {
    JsonValue history = ask(daemon, limit);
    String now = history.get("instance").text();
    if (instance != null && !instance.equals(now)) {
      next = 0;
      history = ask(daemon, limit);
    }
    instance = now;
    next = history.get("next").number();
    PrintWriter out = spec.commandLine().getOut();
    for (JsonValue entry : history.get("entries").items()) {
      out.print(
          switch (output) {
            case text -> HistoryText.text(entry);
            case json -> HistoryText.json(entry);
            case yaml -> HistoryText.yaml(entry);
          });
    }
    out.flush();
  }

  private JsonValue ask(HistoryClient daemon, int limit) throws IOException {
    JsonValue answer = daemon.get(HistoryPage.PATH + "?since=" + next + "&limit=" + limit);
    if (answer.get("instance").text().isEmpty()) {
      throw new IOException("what answers there is not kube-ipvs");
    }
    return answer;
  }

  private void err(String what) {
    spec.commandLine().getErr().println("kube-ipvs history: " + what);
    spec.commandLine().getErr().flush();
  }
}
