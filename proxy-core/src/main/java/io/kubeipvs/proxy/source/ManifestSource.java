package io.kubeipvs.proxy.source;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Follows a directory of manifests with one thread of its own, and tells a listener what is new,
 * changed or gone.
 *
 * <p>The kernel tells of changes; besides, the directory is looked through at intervals, because
 * not every file system tells (network ones do not), and a directory that was replaced tells of
 * nothing any more.
 */
public final class ManifestSource implements Source {
  /** Between looks at the directory that nothing asked for. */
  public static final Duration RESCAN = Duration.ofSeconds(5);

  private static final Logger LOG = LogManager.getLogger("io.kubeipvs.source");
  private static final Duration AFTER_DEFECT = Duration.ofSeconds(1);

  private final ManifestDirectory directory;
  private final DirectoryWatch watch;
  private final SourceListener listener;
  private final Thread thread;
  private boolean told;

  public ManifestSource(Path directory, SourceListener listener) {
    this(directory, listener, RESCAN);
  }

  ManifestSource(Path directory, SourceListener listener, Duration rescan) {
    this.directory = new ManifestDirectory(directory);
    this.watch = new DirectoryWatch(directory, rescan);
    this.listener = listener;
    this.thread = new Thread(this::run, "manifests");
    this.thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  private void run() {
    try (watch) {
      watch.renew();
      Touched touched = Touched.EVERYTHING;
      while (!Thread.currentThread().isInterrupted()) {
        touched = follow(touched);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: the thread ends here
    }
  }

  /**
   * What to look at next. A thread that ends by a defect would leave a proxy that only looks well.
   */
  private Touched follow(Touched touched) throws InterruptedException {
    try {
      refresh(touched);
      return watch.awaitChange();
    } catch (RuntimeException e) {
      LOG.error("a defect of kube-ipvs, in following manifests", e);
      TimeUnit.NANOSECONDS.sleep(AFTER_DEFECT.toNanos());
      return Touched.EVERYTHING;
    }
  }

  private void refresh(Touched touched) {
    directory.refresh(touched);
    directory.tell(listener);
    if (directory.isListed() && !told) {
      told = true;
      listener.listed();
    }
  }

  /** Ends the thread and waits for it. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
