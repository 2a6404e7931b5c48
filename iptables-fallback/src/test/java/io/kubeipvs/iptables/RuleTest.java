package io.kubeipvs.iptables;

import static io.kubeipvs.iptables.Match.comment;
import static io.kubeipvs.iptables.Match.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.iptables.Target.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

  static List<RuleKinds.Case> kinds() {
    List<RuleKinds.Case> kinds = new ArrayList<>();
    for (Family family : Family.values()) {
      kinds.addAll(RuleKinds.of(family));
      kinds.add(RuleKinds.virtualServiceCase(family));
    }
    return kinds;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aRuleIsRenderedAsTheToolPrintsIt(RuleKinds.Case kind) {
    assertThat(kind.rule().text()).isEqualTo(kind.text());
    assertThat(RuleText.printed(Family.IPV4, kind.text())).isEqualTo(kind.text());
  }

  /** A kind that is not among the cases would not be compared with the kernel's either. */
  @Test
  void everyKindHasACase() {
    Set<String> matches =
        kinds().stream()
            .flatMap(kind -> kind.rule().matches().stream())
            .map(match -> match.getClass().getSimpleName())
            .collect(Collectors.toSet());
    Set<String> targets =
        kinds().stream()
            .flatMap(kind -> kind.rule().target().stream())
            .map(target -> target.getClass().getSimpleName())
            .collect(Collectors.toSet());
    assertThat(matches).isEqualTo(permitted(Match.class));
    assertThat(targets).isEqualTo(permitted(Target.class));
  }

  private static Set<String> permitted(Class<?> type) {
    return Arrays.stream(type.getPermittedSubclasses())
        .flatMap(
            kind -> kind.isSealed() ? permitted(kind).stream() : Stream.of(kind.getSimpleName()))
        .collect(Collectors.toSet());
  }

  @Test
  void noCommentEscapesItsQuotes() {
    Random random = new Random(7);
    String alphabet = "ab \"'\\`$!-;#\n\r\t\u0000\u00e9\u2028-jJDROP";
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(300); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Rule rule = Rule.of(Verdict.RETURN, comment(text.toString()));
      List<Words.Word> words = Words.split(rule.text());
      assertThat(words.stream().map(Words.Word::text).limit(3))
          .containsExactly("-m", "comment", "--comment");
      assertThat(words.stream().map(Words.Word::text).skip(4)).containsExactly("-j", "RETURN");
      assertThat(words.get(3).text()).hasSizeLessThanOrEqualTo(255).doesNotStartWith("-");
      assertThat(rule.text()).matches("[ -~]*");
      assertThat(RuleText.printed(Family.IPV4, rule.text())).isEqualTo(rule.text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "-A",
        "!",
        "a\nb",
        "a\"b",
        "$(reboot)",
        "\u00e4",
        "ACCEPT",
        "MARK",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void namesThatNeedQuotesAreNoChains(String name) {
    assertThatThrownBy(() -> new ChainName(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "x -j DROP", "!", "a\nb", "KUBE-AAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void namesThatNeedQuotesAreNoSets(String name) {
    assertThatThrownBy(() -> Match.inSet(name, Match.Direction.SRC))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "eth0 ", "! -i x", "1234567890123456", "eth0/x"})
  void namesThatNeedQuotesAreNoInterfaces(String name) {
    assertThatThrownBy(() -> Match.inInterface(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aConditionOfTheSameKindTwiceIsRefused() {
    assertThatThrownBy(() -> Rule.of(Verdict.DROP, source("10.0.0.1"), source("10.0.0.2")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBuiltInChainCannotBeOurs() {
    ChainKey input = ChainKey.of(Table.FILTER, "INPUT");
    assertThatThrownBy(() -> RuleSet.of(Family.IPV4, Map.of(input, List.of()), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ChainPattern.of(input)).isInstanceOf(IllegalArgumentException.class);
  }
}
