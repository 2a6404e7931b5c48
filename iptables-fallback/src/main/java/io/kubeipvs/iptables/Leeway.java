package io.kubeipvs.iptables;

/**
 * How far a chain may be from the rules listed for it and still be right. Without one it holds
 * those rules, in that order, and no others.
 *
 * @param last how many of the listed rules, from the end, must stand last and in order; the others
 *     may stand in any order
 * @param amongOthers whether rules that are not listed are somebody else's and left alone
 */
public record Leeway(int last, boolean amongOthers) {
  /** For rules of which at most one takes a packet. */
  public static final Leeway ANY_ORDER = new Leeway(0, false);

  /** The chain has other owners: our rules must be in it, anywhere. */
  public static final Leeway AMONG_OTHERS = new Leeway(0, true);

  public Leeway {
    if (last < 0 || (amongOthers && last > 0)) {
      throw new IllegalArgumentException("others may write behind our last " + last + " rules");
    }
  }

  public static Leeway anyOrderBefore(int last) {
    return new Leeway(last, false);
  }
}
