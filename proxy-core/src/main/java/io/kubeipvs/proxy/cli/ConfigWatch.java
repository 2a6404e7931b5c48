package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.config.ConfigException;
import io.kubeipvs.proxy.config.ConfigFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Looks at the configuration file now and then. When it means something else than at the start, the
 * process is to end, with the reason, so that a restart applies it: a restart changes nothing in
 * the kernel. A file that cannot be used changes nothing.
 */
final class ConfigWatch {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final ConfigFile started;
  private String lastTrouble = "";

  ConfigWatch(ConfigFile started) {
    this.started = started;
  }

  /**
   * @param end is told the reason, once
   */
  void start(Consumer<String> end) {
    Thread thread = new Thread(() -> run(end), "config-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Consumer<String> end) {
    try {
      Optional<String> change = Optional.empty();
      while (change.isEmpty()) {
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
        change = look();
      }
      end.accept(change.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is different from the start. */
  Optional<String> look() {
    try {
      ConfigFile now = ConfigFile.read(Path.of(started.name()));
      lastTrouble = "";
      return now.values().equals(started.values())
          ? Optional.empty()
          : Optional.of(started.name() + " changed: " + difference(started, now));
    } catch (ConfigException e) {
      return unusable(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // a defect of ours must not end the watch
      return unusable(e.toString());
    }
  }

  private Optional<String> unusable(String trouble) {
    if (!trouble.equals(lastTrouble)) {
      lastTrouble = trouble;
      LOG.error("the changed configuration is not used: {}", trouble);
    }
    return Optional.empty();
  }

  private static String difference(ConfigFile before, ConfigFile now) {
    SortedMap<String, String> paths = new TreeMap<>(before.values());
    paths.putAll(now.values());
    StringBuilder text = new StringBuilder();
    for (String path : new TreeSet<>(paths.keySet())) {
      String former = before.values().getOrDefault(path, "default");
      String value = now.values().getOrDefault(path, "default");
      if (!former.equals(value)) {
        text.append(text.isEmpty() ? "" : ", ").append(path);
        text.append(' ').append(former).append(" -> ").append(value);
      }
    }
    return text.toString();
  }
}
