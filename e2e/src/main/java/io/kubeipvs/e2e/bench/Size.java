package io.kubeipvs.e2e.bench;

/**
 * How much of everything.
 *
 * @param repetitions of what takes seconds; the median counts
 * @param few services, of the smaller of two clusters that are compared
 * @param changes samples of one endpoint's change
 * @param periods idle looks at the kernel that are waited for
 */
record Size(
    int repetitions,
    int services,
    int serversEach,
    int setEntries,
    int vips,
    int few,
    int startServices,
    int startServers,
    int changes,
    int periods) {

  /** What the targets are about. */
  static final Size FULL = new Size(3, 5_000, 4, 50_000, 20_000, 100, 1_000, 10, 100, 5);

  /** Whether it runs at all. */
  static final Size SMALL = new Size(1, 300, 4, 2_000, 1_000, 20, 50, 10, 10, 2);

  static Size named(String name) {
    return switch (name) {
      case "full" -> FULL;
      case "small" -> SMALL;
      default -> throw new IllegalArgumentException("size " + name);
    };
  }

  String table() {
    return "%,d virtual services x %d real servers".formatted(services, serversEach);
  }
}
