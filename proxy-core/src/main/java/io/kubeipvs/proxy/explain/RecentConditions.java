package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.inspect.RecentClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code -m recent}, which remembers clients: session affinity of iptables mode. */
final class RecentConditions {
  /** So near the end of a time it is not foretold which side of it a packet will be on. */
  private static final Duration LEEWAY = Duration.ofMillis(1500);

  /** How whole addresses are compared. */
  private static final List<String> WHOLE =
      List.of("", "255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

  private static final Set<String> UNDERSTOOD =
      Set.of("--rcheck", "--update", "--seconds", "--reap", "--name", "--mask", "--rsource");

  private RecentConditions() {}

  static Condition read(Part part, RecentMemory memory) {
    if (part.option("--set").isPresent()) {
      return packet -> Fit.YES;
    }
    String list = value(part, "--name").orElse("DEFAULT");
    if (!memory.isKnown()) {
      return packet ->
          Fit.unknown("whether the client was seen lately (list " + list + ") is not known");
    }
    if (!isUnderstood(part)) {
      return Conditions.unknown("-m recent of list " + list);
    }
    long seconds = value(part, "--seconds").map(Long::parseLong).orElse(0L);
    return packet ->
        memory
            .find(list, packet.source())
            .map(found -> fit(found, packet.source(), seconds))
            .orElse(Fit.NO);
  }

  private static boolean isUnderstood(Part part) {
    return part.options().stream()
            .allMatch(option -> UNDERSTOOD.contains(option.name()) && !option.negated())
        && WHOLE.contains(value(part, "--mask").orElse(""))
        && value(part, "--seconds").orElse("0").matches("[0-9]{1,9}");
  }

  private static Optional<String> value(Part part, String option) {
    return part.option(option).map(RuleOption::value);
  }

  /**
   * @param seconds 0 for ever
   */
  private static Fit fit(RecentClient found, IpAddress client, long seconds) {
    String who = client + " is remembered by " + found.list();
    if (seconds == 0) {
      return Fit.of(true, who);
    }
    if (found.millisecondsAgo().isEmpty()) {
      return Fit.unknown(who + ", and since when is not known");
    }
    long ago = found.millisecondsAgo().get();
    long left = seconds * 1000 - ago;
    if (Math.abs(left) < LEEWAY.toMillis()) {
      return Fit.unknown(who + " for about the " + seconds + " s that count");
    }
    return left < 0
        ? Fit.NO
        : Fit.of(true, who + ", seen " + ago / 1000 + " s ago (within " + seconds + " s counts)");
  }
}
