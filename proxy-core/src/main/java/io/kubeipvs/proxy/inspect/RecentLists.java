package io.kubeipvs.proxy.inspect;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.KernelFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The lists of {@code -m recent}, a file each ({@code net/netfilter/xt_recent.c}):
 *
 * <pre>
 *   src=192.0.2.10 ttl: 63 last_seen: 4304033929 oldest_pkt: 2 4304030000, 4304033929
 * </pre>
 *
 * Times are in ticks of the kernel, of which nothing says how long they are: that follows from how
 * many there have been since the start ({@code timer_list}) and how long ago that was. The count
 * begins five minutes before its lower half overflows ({@code INITIAL_JIFFIES}).
 */
final class RecentLists {
  private static final Pattern LINE =
      Pattern.compile("src=(\\S+) ttl: \\d+ last_seen: (\\d+) oldest_pkt: .*");
  private static final Pattern NOW = Pattern.compile("jiffies: (\\d+)");
  private static final long OVERFLOW = 1L << 32;
  private static final int HEAD_START_SECONDS = 300;

  /** What kernels are built with. */
  private static final List<Integer> TICKS_PER_SECOND = List.of(100, 250, 300, 1000);

  private final Path proc;

  /** The tick that is now, and how many there are in a second. */
  private record Ticks(long now, int perSecond) {
    Optional<Long> millisecondsSince(long tick) {
      return Optional.of(Math.max(0, (now - tick) * 1000 / perSecond));
    }
  }

  RecentLists(Path proc) {
    this.proc = proc;
  }

  List<RecentClient> read() throws IOException {
    List<RecentClient> clients = new ArrayList<>();
    // A thread's own: a process may have moved to another network namespace.
    try (Stream<Path> lists = Files.list(proc.resolve("thread-self/net/xt_recent"))) {
      Optional<Ticks> ticks = ticks();
      for (Path list : lists.sorted().toList()) {
        read(list, ticks, clients);
      }
    } catch (NoSuchFileException e) {
      return List.of(); // nobody has used it since the start
    }
    return clients;
  }

  private static void read(Path list, Optional<Ticks> ticks, List<RecentClient> clients)
      throws IOException {
    String name = String.valueOf(list.getFileName());
    try (BufferedReader lines = Files.newBufferedReader(list, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          long seen = Long.parseUnsignedLong(matcher.group(2));
          IpAddress.parse(matcher.group(1))
              .map(
                  client ->
                      new RecentClient(name, client, ticks.flatMap(t -> t.millisecondsSince(seen))))
              .ifPresent(clients::add);
        }
      }
    } catch (NoSuchFileException e) {
      return; // its rule was deleted meanwhile
    }
  }

  /** Empty where this process may not see the kernel's timers. */
  private Optional<Ticks> ticks() {
    try {
      OptionalLong now = now();
      String uptime = KernelFile.read(proc.resolve("uptime"));
      double seconds = Double.parseDouble(uptime.split(" ", 2)[0]);
      return now.isEmpty()
          ? Optional.empty()
          : perSecond(now.getAsLong(), seconds).map(each -> new Ticks(now.getAsLong(), each));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private OptionalLong now() throws IOException {
    try (Stream<String> lines = Files.lines(proc.resolve("timer_list"), StandardCharsets.UTF_8)) {
      return lines
          .map(String::strip)
          .map(NOW::matcher)
          .filter(Matcher::matches)
          .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
          .findFirst();
    }
  }

  /**
   * The one of the usual figures that fits the time since the start. Nothing where none does, or
   * two do: in a namespace of time, in LXC, after long sleep or five minutes after the start, and a
   * wrong one would make clients remembered that are forgotten.
   */
  private static Optional<Integer> perSecond(long now, double uptimeSeconds) {
    List<Integer> byError =
        TICKS_PER_SECOND.stream()
            .sorted(Comparator.comparingDouble(each -> error(each, now, uptimeSeconds)))
            .toList();
    double best = error(byError.get(0), now, uptimeSeconds);
    double second = error(byError.get(1), now, uptimeSeconds);
    boolean fits = best <= Math.max(2, uptimeSeconds / 50);
    return fits && second >= 3 * Math.max(1, best) ? Optional.of(byError.get(0)) : Optional.empty();
  }

  /** In seconds. */
  private static double error(int perSecond, long now, double uptimeSeconds) {
    return Math.abs((double) (now - OVERFLOW) / perSecond + HEAD_START_SECONDS - uptimeSeconds);
  }
}
