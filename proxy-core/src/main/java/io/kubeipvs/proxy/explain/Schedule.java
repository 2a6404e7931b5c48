package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** How a scheduler of the kernel shares connections out. */
final class Schedule {
  private Schedule() {}

  /**
   * @param byServer those who may get any, with what they get of all in the long run
   * @param doubt empty where nothing had to be assumed
   */
  record Shares(Map<RealServer, Double> byServer, String why, String doubt) {}

  static Shares of(Scheduler scheduler, List<ObservedServer> servers) {
    List<ObservedServer> able = servers.stream().filter(Schedule::takesNew).toList();
    String doubt =
        servers.stream().anyMatch(Schedule::isBetweenThresholds)
            ? "a server is between its thresholds, where the kernel may hold it for overloaded"
            : "";
    return switch (scheduler.name()) {
      case "rr" -> shares(able, each -> 1, "rr: by turns", doubt);
      case "wrr" -> shares(able, Schedule::weight, "wrr: by turns, by weight", doubt);
      case "lc" -> shares(able, each -> 1, "lc: the one with the fewest connections", doubt);
      case "wlc", "sed", "nq" ->
          shares(able, Schedule::weight, scheduler + ": the least loaded for its weight", doubt);
      case "twos" ->
          shares(able, Schedule::weight, "twos: the less loaded of two taken by chance", doubt);
      case "sh" -> shares(able, Schedule::weight, "sh: always the same for one client", doubt);
      case "mh" -> shares(able, Schedule::weight, "mh: always the same for one client", doubt);
      case "fo" -> highest(able, doubt);
      default ->
          shares(
              able, Schedule::weight, scheduler + ": one of them", "how " + scheduler + " shares");
    };
  }

  private static double weight(ObservedServer server) {
    return server.server().weight();
  }

  /** The highest weight gets everything. */
  private static Shares highest(List<ObservedServer> able, String doubt) {
    int highest = able.stream().mapToInt(each -> each.server().weight()).max().orElse(0);
    List<ObservedServer> first =
        able.stream().filter(each -> each.server().weight() == highest).limit(1).toList();
    return shares(first, each -> 1, "fo: the one with the highest weight", doubt);
  }

  private static Shares shares(
      List<ObservedServer> able, ToDoubleFunction<ObservedServer> part, String why, String doubt) {
    double sum = able.stream().mapToDouble(part).sum();
    Map<RealServer, Double> shares = new LinkedHashMap<>();
    able.forEach(each -> shares.put(each.server(), part.applyAsDouble(each) / sum));
    return new Shares(shares, why, doubt);
  }

  static boolean takesNew(ObservedServer server) {
    return server.server().weight() > 0 && !isOverloaded(server);
  }

  /** {@code IP_VS_DEST_F_OVERLOAD}, as {@code ip_vs_dest_update_thresholds} sets it. */
  static boolean isOverloaded(ObservedServer server) {
    long upper = Integer.toUnsignedLong(server.server().upperThreshold());
    return upper != 0 && connections(server) >= upper;
  }

  /** Once overloaded it stays so until the lower threshold, or three quarters of the upper. */
  private static boolean isBetweenThresholds(ObservedServer server) {
    long upper = Integer.toUnsignedLong(server.server().upperThreshold());
    long lower = Integer.toUnsignedLong(server.server().lowerThreshold());
    long free = lower != 0 ? lower : upper * 3 / 4;
    return upper != 0 && connections(server) < upper && connections(server) >= free;
  }

  private static long connections(ObservedServer server) {
    return Integer.toUnsignedLong(server.activeConnections())
        + Integer.toUnsignedLong(server.inactiveConnections());
  }
}
