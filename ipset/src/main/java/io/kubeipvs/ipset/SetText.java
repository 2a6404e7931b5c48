package io.kubeipvs.ipset;

import io.kubeipvs.net.AddressFamily;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * Sets as {@code ipset save} prints them, but without what the kernel chooses (hash size, bucket
 * size, seed) and in order: sets by name, entries by value. The same sets always give the same
 * text.
 */
public final class SetText {
  private SetText() {}

  /** Observed sets. One of a type we do not know shows its create line only. */
  public static String of(Collection<ObservedSet> sets) {
    StringBuilder text = new StringBuilder();
    sets.stream()
        .sorted(Comparator.comparing(set -> set.header().name()))
        .forEach(set -> append(text, set.header().name(), create(set.header()), set.entries()));
    return text.toString();
  }

  /** A wanted set with its entries. */
  public static String of(SetSpec spec, Collection<SetEntry> entries) {
    StringBuilder text = new StringBuilder();
    append(text, spec.name(), spec.toString(), entries);
    return text.toString();
  }

  private static void append(
      StringBuilder text, SetName name, String parameters, Collection<SetEntry> entries) {
    text.append("create ").append(parameters).append('\n');
    for (SetEntry entry : new TreeSet<>(entries)) {
      text.append("add ").append(name).append(' ').append(entry).append('\n');
    }
  }

  private static String create(SetHeader header) {
    StringBuilder text = new StringBuilder();
    text.append(header.name()).append(' ').append(header.typeName());
    if (header.typeName().startsWith("hash:")) {
      text.append(" family ").append(header.family() == AddressFamily.IPV4 ? "inet" : "inet6");
      text.append(" maxelem ").append(Integer.toUnsignedString(header.maximumElements()));
    } else if (header.typeName().equals(SetType.BITMAP_PORT.typeName())) {
      text.append(" range ").append(header.firstPort()).append('-').append(header.lastPort());
    }
    if (header.timeoutSeconds() >= 0) {
      text.append(" timeout ").append(header.timeoutSeconds());
    }
    for (Extension extension : Extension.values()) {
      if ((header.extensions() & extension.bit) != 0) {
        text.append(' ').append(extension.word);
      }
    }
    return text.toString();
  }

  /** {@code enum ipset_cadt_flags} of {@code linux/netfilter/ipset/ip_set.h}. */
  private enum Extension {
    COUNTERS(1 << 3, "counters"),
    COMMENT(1 << 4, "comment"),
    FORCEADD(1 << 5, "forceadd"),
    SKBINFO(1 << 6, "skbinfo"),
    MASKED(SetHeader.MASKED, "masked");

    private final int bit;
    private final String word;

    Extension(int bit, String word) {
      this.bit = bit;
      this.word = word;
    }
  }
}
