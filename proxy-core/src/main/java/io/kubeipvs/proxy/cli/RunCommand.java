package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kube-ipvs run}: the proxy itself. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Serves Services until it is told to stop. Stopping changes nothing in the kernel: traffic"
            + " goes on; `cleanup` takes it back.")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  @Mixin ProxyOptions options = new ProxyOptions();

  @Option(
      names = "--once",
      description = "one sync, then exit: 0 when all that was asked for is in the kernel")
  boolean once;

  @Override
  public Integer call() throws InterruptedException {
    try (Wiring wiring = Wiring.of(options)) {
      return once ? once(wiring) : serve(wiring);
    } catch (StartupException e) {
      LOG.error(e.getMessage());
      return 1;
    } catch (IOException e) {
      LOG.error("{}", String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private static int once(Wiring wiring) throws IOException, InterruptedException {
    SyncReport report = wiring.syncOnce();
    SyncStatus status = wiring.status();
    LOG.info(
        "{} operations done, {} failed, {} objects skipped, {} conflicts",
        report.done().size(),
        report.failures().size(),
        status.problems().size(),
        status.conflicts().size());
    return status.isComplete() ? 0 : 1;
  }

  private static int serve(Wiring wiring) throws InterruptedException {
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  wiring.stop();
                  join(main);
                  // Being told to stop is not a failure; the default would be 128 + the signal.
                  Runtime.getRuntime().halt(0);
                },
                "shutdown"));
    wiring.serve();
    LOG.info("stopped; what is in the kernel stays and keeps serving");
    return 0;
  }

  private static void join(Thread main) {
    try {
      main.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
