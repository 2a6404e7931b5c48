package io.kubeipvs.proxy.explain;

import io.kubeipvs.iptables.SavedRule.Part;
import io.kubeipvs.iptables.SavedRule.RuleOption;
import java.util.Optional;

/** {@code -m mark}. */
final class MarkConditions {
  private MarkConditions() {}

  /**
   * A value and the bits of it that count.
   *
   * @param mask all bits where none is given
   */
  record Masked(int value, int mask) {
    static Optional<Masked> parse(String text) {
      int slash = text.indexOf('/');
      try {
        long value = Long.decode(slash < 0 ? text : text.substring(0, slash));
        long mask = slash < 0 ? 0xffff_ffffL : Long.decode(text.substring(slash + 1));
        return Optional.of(new Masked((int) value, (int) mask));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  static Condition read(Part part) {
    return Conditions.all(part.options().stream().map(MarkConditions::read).toList());
  }

  private static Condition read(RuleOption option) {
    Optional<Masked> mark = Masked.parse(option.value());
    if (!option.name().equals("--mark") || mark.isEmpty()) {
      return Conditions.unknown(option.name() + " " + option.value());
    }
    Masked wanted = mark.get();
    return packet ->
        Fit.of(
                (packet.mark() & wanted.mask()) == wanted.value(),
                "the packet's mark is 0x" + Integer.toHexString(packet.mark()))
            .negatedIf(option.negated());
  }
}
