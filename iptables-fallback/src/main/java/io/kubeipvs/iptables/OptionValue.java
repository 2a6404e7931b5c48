package io.kubeipvs.iptables;

import io.kubeipvs.iptables.ExtensionMatch.Probability;
import io.kubeipvs.iptables.Match.ConnectionState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/** The many spellings of an extension's option, and the one that the tools print. */
final class OptionValue {
  private static final long ALL_BITS = 0xffff_ffffL;

  private OptionValue() {}

  static String modernName(String option) {
    return switch (option) {
      case "--destination-port" -> "--dport";
      case "--source-port" -> "--sport";
      default -> option;
    };
  }

  /** What cannot be read stays as it is: then it differs from all we make, which is right. */
  static String canonical(String option, String value) {
    try {
      return switch (option) {
        case "--mark" -> mark(value);
        case "--probability" -> Probability.printed(Double.parseDouble(value));
        case "--ctstate" -> states(value);
        default -> value;
      };
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  /** {@code MARK} has five ways to say which bits it clears and which it flips. */
  static String setXmark(String option, String value) {
    try {
      int slash = value.indexOf('/');
      long bits = number(slash < 0 ? value : value.substring(0, slash));
      long mask = slash < 0 ? ALL_BITS : number(value.substring(slash + 1));
      return switch (option) {
        case "--set-xmark" -> xmark(bits, mask);
        case "--set-mark" -> xmark(bits, bits | mask);
        case "--or-mark" -> xmark(bits, bits);
        case "--and-mark" -> xmark(0, ~bits & ALL_BITS);
        case "--xor-mark" -> xmark(bits, 0);
        default -> option + " " + value;
      };
    } catch (NumberFormatException e) {
      return option + " " + value;
    }
  }

  private static String xmark(long bits, long mask) {
    return "--set-xmark 0x" + Long.toHexString(bits) + "/0x" + Long.toHexString(mask);
  }

  private static String mark(String value) {
    int slash = value.indexOf('/');
    long bits = number(slash < 0 ? value : value.substring(0, slash));
    long mask = slash < 0 ? ALL_BITS : number(value.substring(slash + 1));
    return "0x" + Long.toHexString(bits) + (mask == ALL_BITS ? "" : "/0x" + Long.toHexString(mask));
  }

  private static long number(String text) {
    long number = Long.decode(text);
    if (number < 0 || number > ALL_BITS) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  private static String states(String value) {
    EnumSet<ConnectionState> states = EnumSet.noneOf(ConnectionState.class);
    Arrays.stream(value.split(",", -1)).map(ConnectionState::valueOf).forEach(states::add);
    List<String> names = new ArrayList<>();
    states.forEach(state -> names.add(state.name()));
    return String.join(",", names);
  }
}
