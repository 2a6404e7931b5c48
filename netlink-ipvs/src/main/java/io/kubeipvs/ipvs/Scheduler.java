package io.kubeipvs.ipvs;

/**
 * A scheduling algorithm by the name of its kernel module ({@code ip_vs_NAME}). Open, because any
 * module may register one. At most 15 bytes ({@code IP_VS_SCHEDNAME_MAXLEN} with its zero).
 */
public record Scheduler(String name) {
  public static final Scheduler ROUND_ROBIN = new Scheduler("rr");
  public static final Scheduler WEIGHTED_ROUND_ROBIN = new Scheduler("wrr");
  public static final Scheduler SOURCE_HASHING = new Scheduler("sh");
  public static final Scheduler MAGLEV_HASHING = new Scheduler("mh");

  public Scheduler {
    if (name.length() > 15) {
      throw new IllegalArgumentException("scheduler name '" + name + "' is longer than 15");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
