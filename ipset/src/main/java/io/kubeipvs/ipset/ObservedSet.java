package io.kubeipvs.ipset;

import java.util.Collection;
import java.util.Set;

/**
 * A set as a listing shows it. Entries of a type that {@link SetType} lacks are left out, and so
 * are exceptions ({@code nomatch}).
 *
 * @param entries in order and never changing, as {@link #of} makes them
 */
public record ObservedSet(SetHeader header, Set<SetEntry> entries) {
  public ObservedSet {
    entries = SortedEntries.copyOf(entries);
  }

  /** From entries in any order, repetitions included. */
  public static ObservedSet of(SetHeader header, Collection<SetEntry> entries) {
    return new ObservedSet(header, SortedEntries.copyOf(entries));
  }
}
