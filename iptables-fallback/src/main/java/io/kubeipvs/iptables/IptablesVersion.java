package io.kubeipvs.iptables;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which tools we speak to, from {@code iptables v1.8.9 (nf_tables)}. */
public record IptablesVersion(int major, int minor, int patch, Variant variant)
    implements Comparable<IptablesVersion> {

  /** Where the tools keep their rules; those of one kind do not see the other's. */
  public enum Variant {
    /** In the kernel's old tables. */
    LEGACY,
    /** In nf_tables. */
    NFT
  }

  private static final Pattern TEXT =
      Pattern.compile("ip6?tables\\S* v([0-9]{1,6})\\.([0-9]{1,6})(?:\\.([0-9]{1,6}))?(.*)");

  /** Empty when it is none; before 1.8 there was only the legacy kind, and it did not say so. */
  public static Optional<IptablesVersion> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    String patch = matcher.group(3);
    return Optional.of(
        new IptablesVersion(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            patch == null ? 0 : Integer.parseInt(patch),
            matcher.group(4).contains("nf_tables") ? Variant.NFT : Variant.LEGACY));
  }

  /** {@code MASQUERADE --random-fully}. */
  public boolean hasRandomFully() {
    return isAtLeast(1, 6, 2);
  }

  /** {@code iptables-restore -w SECONDS}. */
  boolean restoreCanWait() {
    return isAtLeast(1, 6, 2);
  }

  /** Until then a waiting tool looked once a second unless told with {@code -W}. */
  boolean restorePollsSlowly() {
    return !isAtLeast(1, 8, 8);
  }

  private boolean isAtLeast(int otherMajor, int otherMinor, int otherPatch) {
    return compareTo(new IptablesVersion(otherMajor, otherMinor, otherPatch, variant)) >= 0;
  }

  @Override
  public int compareTo(IptablesVersion other) {
    int byMajor = Integer.compare(major, other.major);
    int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  /** {@code 1.8.9 (nf_tables)}, as the tool writes it. */
  @Override
  public String toString() {
    String kind = variant == Variant.NFT ? "nf_tables" : "legacy";
    return major + "." + minor + "." + patch + " (" + kind + ")";
  }
}
