package io.kubeipvs.iptables;

import java.util.Comparator;

/** A chain in its table; two tables may have chains of one name. */
public record ChainKey(Table table, ChainName name) implements Comparable<ChainKey> {
  private static final Comparator<ChainKey> ORDER =
      Comparator.comparing(ChainKey::table).thenComparing(ChainKey::name);

  public static ChainKey of(Table table, String name) {
    return new ChainKey(table, new ChainName(name));
  }

  @Override
  public int compareTo(ChainKey other) {
    return ORDER.compare(this, other);
  }

  /** {@code nat KUBE-SERVICES}. */
  @Override
  public String toString() {
    return table + " " + name;
  }
}
