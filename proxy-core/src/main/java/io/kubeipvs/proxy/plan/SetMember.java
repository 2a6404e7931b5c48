package io.kubeipvs.proxy.plan;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import java.util.Comparator;

/** An entry in a set; prints as {@code ipset save} does. */
public record SetMember(SetName set, SetEntry entry) implements Comparable<SetMember> {
  private static final Comparator<SetMember> ORDER =
      Comparator.comparing(SetMember::set).thenComparing(SetMember::entry);

  @Override
  public int compareTo(SetMember other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "add " + set + " " + entry;
  }
}
