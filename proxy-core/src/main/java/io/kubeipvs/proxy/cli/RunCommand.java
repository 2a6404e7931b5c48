package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  private static final int STOP_SECONDS = 10;

  @Mixin ProxyOptions options = new ProxyOptions();
  @Mixin ServerOptions servers = new ServerOptions();

  @Option(
      names = "--once",
      description = "one sync, then exit: 0 when all that was asked for is in the kernel")
  boolean once;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int exitCode;

  @Override
  public Integer call() throws InterruptedException {
    try (Wiring wiring = Wiring.of(options, servers)) {
      exitCode = once ? once(wiring) : serve(wiring);
    } catch (StartupException e) {
      LOG.error(e.getMessage());
      exitCode = 1;
    } catch (IOException e) {
      LOG.error("{}", String.valueOf(e.getMessage()));
      exitCode = 1;
    } finally {
      ended.countDown();
    }
    return exitCode;
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

  private int serve(Wiring wiring) throws StartupException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(wiring), "shutdown"));
    wiring.serve();
    LOG.info("stopped; what is in the kernel stays and keeps serving");
    return 0;
  }

  private void end(Wiring wiring) {
    wiring.stop();
    try {
      if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a sync is still under way after {} s: left where it is", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Being told to stop is not a failure; the default would be 128 + the signal.
    Runtime.getRuntime().halt(exitCode);
  }
}
