package io.kubeipvs.ipvs;

/**
 * A scheduling algorithm by the name of its kernel module ({@code ip_vs_NAME}). Open, because any
 * module may register one.
 */
public record Scheduler(String name) {
  public static final Scheduler ROUND_ROBIN = new Scheduler("rr");
  public static final Scheduler WEIGHTED_ROUND_ROBIN = new Scheduler("wrr");
  public static final Scheduler SOURCE_HASHING = new Scheduler("sh");
  public static final Scheduler MAGLEV_HASHING = new Scheduler("mh");

  /** {@code IP_VS_SCHEDNAME_MAXLEN} without its zero. */
  public static final int LONGEST_NAME = 15;

  public Scheduler {
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("scheduler name '" + name + "' is longer than 15");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
