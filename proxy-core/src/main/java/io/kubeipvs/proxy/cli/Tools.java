package io.kubeipvs.proxy.cli;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.MissingToolException;
import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.iptables.ToolOutOfOrderException;
import io.kubeipvs.iptables.XtablesLockException;
import io.kubeipvs.net.AddressFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The iptables tools of the families that can be served on this node. A family without its tool, or
 * whose tables the kernel does not have, is left out, as kube-proxy does it.
 *
 * @param randomFully whether they know {@code --random-fully}
 * @param unserved families that are left out, and why
 */
record Tools(
    Map<AddressFamily, Iptables> iptables,
    boolean randomFully,
    SortedMap<AddressFamily, String> unserved) {
  private static final Logger LOG = LogManager.getLogger("io.kubeipvs");

  /** A refusal that goes on for so long is the kernel's answer. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(250), Duration.ofMillis(750), Duration.ofSeconds(2));

  private static final String TOLD_TO_DO_WITHOUT = "the kernel was told to do without it";

  Tools {
    iptables = Map.copyOf(iptables);
    unserved = Collections.unmodifiableSortedMap(new TreeMap<>(unserved));
  }

  /** How a family's tool is opened, or why it is not. */
  @FunctionalInterface
  interface Opener {
    IptablesTools open(Family family) throws IOException;
  }

  /** To serve with: the kernel's tables are loaded, and what is left out is said. */
  static Tools open() throws IOException, StartupException {
    KernelGateways.requireNetAdmin();
    Tools tools = StartRetry.standard().run("the iptables tools do not answer", Tools::probed);
    tools.unserved.forEach((family, why) -> LOG.warn("{} is not served: {}", word(family), why));
    return tools;
  }

  /** To look with: nothing is loaded. */
  static Tools look() throws StartupException {
    try {
      ToolOptions options = ToolOptions.DEFAULT;
      options = options.withProgram(IptablesTools.detect(options));
      return of(opener(options), hasIpv6());
    } catch (IOException e) {
      throw new StartupException(String.valueOf(e.getMessage()));
    }
  }

  private static Tools probed() throws IOException, StartupException {
    IptablesTools.Kind kind = IptablesTools.kind(ToolOptions.DEFAULT);
    ToolOptions options = ToolOptions.DEFAULT.withProgram(kind.program());
    StartRetry.Sleep sleep = time -> Thread.sleep(time.toMillis());
    return of(probing(opener(options), kind.proved(), sleep), hasIpv6());
  }

  private static Opener opener(ToolOptions options) {
    return family -> IptablesTools.open(family, options);
  }

  /**
   * Only a kernel that loads the tables has them.
   *
   * @param proved families in which rules show that it does
   */
  static Opener probing(Opener opener, Set<Family> proved, StartRetry.Sleep sleep) {
    return family -> {
      IptablesTools tool = opener.open(family);
      if (!proved.contains(family)) {
        requireTables(tool, sleep);
      }
      return tool;
    };
  }

  private static void requireTables(IptablesTools tool, StartRetry.Sleep sleep) throws IOException {
    for (Duration pause : PAUSES) {
      try {
        tool.requireTables();
        return;
      } catch (XtablesLockException e) {
        return; // somebody is at work in them
      } catch (IptablesException | ToolOutOfOrderException e) {
        pause(sleep, pause);
      }
    }
    tool.requireTables();
  }

  private static void pause(StartRetry.Sleep sleep, Duration time) throws IOException {
    try {
      sleep.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the iptables tools were tried", e);
    }
  }

  /**
   * @param hasIpv6 false where the kernel was told to do without
   * @throws StartupException when no family is left
   */
  static Tools of(Opener opener, boolean hasIpv6) throws IOException, StartupException {
    Map<AddressFamily, Iptables> iptables = new EnumMap<>(AddressFamily.class);
    SortedMap<AddressFamily, String> unserved = new TreeMap<>();
    boolean randomFully = true;
    for (AddressFamily family : AddressFamily.values()) {
      if (family == AddressFamily.IPV6 && !hasIpv6) {
        unserved.put(family, TOLD_TO_DO_WITHOUT);
        continue;
      }
      try {
        IptablesTools tool = opener.open(family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6);
        iptables.put(family, tool);
        randomFully &= tool.version().hasRandomFully();
      } catch (MissingToolException | IptablesException e) {
        unserved.put(family, String.valueOf(e.getMessage()));
      }
    }
    if (iptables.isEmpty()) {
      throw new StartupException(
          unserved.entrySet().stream()
              .map(each -> word(each.getKey()) + ": " + each.getValue())
              .collect(Collectors.joining("; ", "No Service can be served: ", ".")));
    }
    return new Tools(iptables, randomFully, unserved);
  }

  /** Families that are left out although the kernel may have rules of theirs. */
  SortedMap<AddressFamily, String> leftOutByMistake() {
    SortedMap<AddressFamily, String> left = new TreeMap<>(unserved);
    left.values().removeIf(TOLD_TO_DO_WITHOUT::equals);
    return left;
  }

  /** {@code IPv4}, for people. */
  static String word(AddressFamily family) {
    return family == AddressFamily.IPV4 ? "IPv4" : "IPv6";
  }

  /** False where the kernel was told to do without ({@code ipv6.disable=1}). */
  static boolean hasIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6"));
  }
}
