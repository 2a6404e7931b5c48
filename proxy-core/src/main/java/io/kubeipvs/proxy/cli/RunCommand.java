package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConfigException;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs run}: the proxy itself. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Serves Services until it is told to stop. Stopping changes nothing in the kernel: traffic"
            + " goes on; `cleanup` takes it back.")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  private static final int STOP_SECONDS = 10;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin ConfigOptions config = new ConfigOptions();
  @Mixin ProxyOptions options = new ProxyOptions();
  @Mixin ServerOptions servers = new ServerOptions();
  @Mixin ProcessOptions process = new ProcessOptions();

  @Option(
      names = "--once",
      description = "one sync, then exit: 0 when all that was asked for is in the kernel")
  boolean once;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int exitCode;

  @Option(
      names = "--init-only",
      description = "set what the kernel needs to serve Services, which takes privileges, and exit")
  boolean initOnly;

  @Option(
      names = "--cleanup",
      description = "remove everything of ours from the kernel, and exit; the command cleanup")
  boolean cleanUp;

  @Option(
      names = "--write-config-to",
      paramLabel = "FILE",
      description = "write the settings in force there, as a KubeProxyConfiguration, and exit")
  @Nullable Path writeConfigTo;

  private @Nullable Configuration configuration;

  /** Puts what the configuration file says beside the flags, and runs. */
  static int execute(CommandLine root, List<String> flags) throws ConfigException {
    if (!Configuration.concerns(flags)) {
      return root.execute(withName(flags));
    }
    CommandLine line = Objects.requireNonNull(root.getSubcommands().get("run"));
    Configuration.acceptIgnoredFlags(line.getCommandSpec());
    RunCommand run = line.getCommand();
    try {
      run.configuration = Configuration.of(KubeIpvs.runCommand(), flags);
    } catch (ParameterException e) {
      run.configuration = null; // told below, where it is parsed again
    }
    Configuration read = run.configuration;
    if (read == null) {
      return root.execute(withName(flags));
    }
    line.setParameterExceptionHandler(
        (exception, arguments) -> {
          String place =
              exception.getArgSpec() instanceof OptionSpec option
                  ? read.placeInFile(option.longestName()).map(p -> p + ": ").orElse("")
                  : "";
          line.getErr().println("kube-ipvs: " + place + exception.getMessage());
          return line.getCommandSpec().exitCodeOnInvalidInput();
        });
    return root.execute(withName(read.arguments()));
  }

  private static String[] withName(List<String> flags) {
    return Stream.concat(Stream.of("run"), flags.stream()).toArray(String[]::new);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (writeConfigTo != null) {
      return writeConfig(writeConfigTo);
    }
    if (cleanUp) {
      CommandLine cleanup = new CommandLine(new CleanupCommand());
      return cleanup.execute();
    }
    if (configuration != null) {
      configuration.notices().forEach(LOG::info);
    }
    return run();
  }

  private int writeConfig(Path file) {
    try {
      Files.writeString(file, ConfigText.yaml(Objects.requireNonNull(configuration).settings()));
      return 0;
    } catch (IOException e) {
      spec.commandLine().getErr().println("kube-ipvs: --write-config-to: " + e);
      return 1;
    }
  }

  private int run() throws InterruptedException {
    if (initOnly) {
      return prepare();
    }
    try (Wiring wiring = Wiring.of(options, servers)) {
      OomScore.set(process.oomScoreAdj);
      exitCode = once ? once(wiring) : serve(wiring);
    } catch (StartupException e) {
      LOG.error(e.getMessage());
      exitCode = 1;
    } catch (IOException e) {
      LOG.error("{}", String.valueOf(e.getMessage()));
      exitCode = 1;
    } catch (RuntimeException | Error e) {
      exitCode = 1; // the shutdown hook ends the process with it
      throw e;
    } finally {
      ended.countDown();
    }
    return exitCode;
  }

  private int prepare() {
    try {
      Wiring.prepare(options);
      return 0;
    } catch (StartupException | IOException e) {
      LOG.error(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private static int once(Wiring wiring)
      throws IOException, InterruptedException, StartupException {
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

  /**
   * A thread that ended by lack of memory, say, would leave a proxy that only looks well; a restart
   * changes nothing in the kernel.
   */
  private static void diedOf(Thread thread, Throwable error) {
    try {
      LOG.fatal("thread {} has died", thread.getName(), error);
    } finally { // there may be no memory to say it
      if (error instanceof Error) {
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private int serve(Wiring wiring) throws StartupException {
    Thread.setDefaultUncaughtExceptionHandler(RunCommand::diedOf);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(wiring), "shutdown"));
    AtomicReference<@Nullable String> changed = new AtomicReference<>();
    if (configuration != null) {
      configuration
          .file()
          .ifPresent(
              file ->
                  new ConfigWatch(file)
                      .start(
                          change -> {
                            changed.set(change);
                            wiring.stop();
                          }));
    }
    wiring.serve();
    if (changed.get() != null) {
      LOG.info("{}; a restart applies it", changed.get());
    }
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
