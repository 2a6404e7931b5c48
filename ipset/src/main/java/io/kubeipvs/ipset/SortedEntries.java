package io.kubeipvs.ipset;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;

/**
 * Entries in order, in an array: 4 bytes each beside the entry itself where a hash set takes some
 * 40, which counts when there are 100,000s. Looking one up is a binary search.
 */
final class SortedEntries extends AbstractSet<SetEntry> {
  private final SetEntry[] entries;

  private SortedEntries(SetEntry[] entries) {
    this.entries = entries;
  }

  static SortedEntries copyOf(Collection<SetEntry> entries) {
    if (entries instanceof SortedEntries same) {
      return same;
    }
    SetEntry[] sorted = entries.toArray(SetEntry[]::new);
    Arrays.sort(sorted);
    return new SortedEntries(Arrays.copyOf(sorted, moveDistinctToFront(sorted)));
  }

  private static int moveDistinctToFront(SetEntry[] sorted) {
    int end = 0;
    for (SetEntry entry : sorted) {
      if (end == 0 || sorted[end - 1].compareTo(entry) != 0) {
        sorted[end++] = entry;
      }
    }
    return end;
  }

  @Override
  public boolean contains(Object object) {
    return object instanceof SetEntry entry && Arrays.binarySearch(entries, entry) >= 0;
  }

  @Override
  public Iterator<SetEntry> iterator() {
    return Arrays.asList(entries).iterator();
  }

  @Override
  public int size() {
    return entries.length;
  }
}
