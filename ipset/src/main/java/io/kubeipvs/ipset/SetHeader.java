package io.kubeipvs.ipset;

import io.kubeipvs.net.AddressFamily;

/**
 * What a listing says of a set, also of one we could not make ourselves.
 *
 * @param typeName {@code hash:ip,port}, or the name of a type that {@link SetType} lacks
 * @param revision of the type
 * @param maximumElements {@code maxelem}, 32 bits unsigned; 0 where the type has none
 * @param firstPort {@code range} of a {@code bitmap:port}; 0 elsewhere
 * @param lastPort {@code range} of a {@code bitmap:port}; 0 elsewhere
 * @param extensions the bits of {@code IPSET_ATTR_CADT_FLAGS} (counters, comment, ...); a set of
 *     ours has none. {@link #MASKED} is a bit of our own
 * @param timeoutSeconds default timeout of entries; -1 where entries do not time out
 * @param references how many rules and other sets refer to it
 * @param elements how many entries it holds; -1 on kernels before 4.9, which do not say
 */
public record SetHeader(
    SetName name,
    String typeName,
    int revision,
    AddressFamily family,
    int maximumElements,
    int firstPort,
    int lastPort,
    int extensions,
    int timeoutSeconds,
    int references,
    int elements) {

  /**
   * A bit of {@code extensions} that the kernel does not use: the set stores addresses cut to a
   * mask ({@code netmask}, {@code bitmask}, {@code markmask}), so it does not hold what was added.
   */
  public static final int MASKED = 1 << 31;

  /** Of an empty set that was made so. Its revision is the kernel's choice, and 0 here. */
  public static SetHeader made(SetSpec spec) {
    int lastPort = spec.type() == SetType.BITMAP_PORT ? 0xffff : 0;
    return new SetHeader(
        spec.name(),
        spec.type().typeName(),
        0,
        spec.family(),
        spec.maximumElements(),
        0,
        lastPort,
        0,
        -1,
        0,
        0);
  }

  /**
   * Whether this set does the work of that one. More room ({@code maxelem}) is no difference; less
   * is, and so are other types, families, ranges, extensions and timeouts.
   */
  public boolean serves(SetSpec spec) {
    boolean same = typeName.equals(spec.type().typeName()) && extensions == 0 && timeoutSeconds < 0;
    if (spec.type() == SetType.BITMAP_PORT) {
      return same && firstPort == 0 && lastPort == 0xffff;
    }
    return same
        && family == spec.family()
        && Integer.compareUnsigned(maximumElements, spec.maximumElements()) >= 0;
  }

  /** The same set under another name. */
  public SetHeader withName(SetName newName) {
    return new SetHeader(
        newName,
        typeName,
        revision,
        family,
        maximumElements,
        firstPort,
        lastPort,
        extensions,
        timeoutSeconds,
        references,
        elements);
  }

  /** The same set with so many entries. */
  public SetHeader withElements(int count) {
    return new SetHeader(
        name,
        typeName,
        revision,
        family,
        maximumElements,
        firstPort,
        lastPort,
        extensions,
        timeoutSeconds,
        references,
        count);
  }
}
