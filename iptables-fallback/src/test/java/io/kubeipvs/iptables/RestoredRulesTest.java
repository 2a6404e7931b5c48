package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Beside what it is held to here, every property test of dry runs compares it with the fake. */
class RestoredRulesTest {
  private static final String BEFORE =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :OUTPUT DROP [0:0]
      :MINE - [0:0]
      :OTHERS - [0:0]
      -A PREROUTING -s 10.0.0.1/32 -j ACCEPT
      -A PREROUTING -j MINE
      -A MINE -p tcp -m tcp --dport 80 -j ACCEPT
      -A OTHERS -j RETURN
      COMMIT
      """;

  @Test
  void eachCommandHasItsEffect() throws IOException {
    SavedRules after =
        after(
            """
            *nat
            :MINE - [0:0]
            :NEW - [0:0]
            -A MINE -s 10.0.0.1 -j NEW
            -A NEW
            -I PREROUTING 2 -j NEW
            -D PREROUTING -s 10.0.0.1 -j ACCEPT
            -F OTHERS
            -X OTHERS
            COMMIT
            """);

    assertThat(after.text())
        .isEqualTo(
            """
            *nat
            :PREROUTING ACCEPT [0:0]
            :OUTPUT DROP [0:0]
            :MINE - [0:0]
            :NEW - [0:0]
            -A PREROUTING -j NEW
            -A PREROUTING -j MINE
            -A MINE -s 10.0.0.1/32 -j NEW
            -A NEW
            COMMIT
            """);
  }

  @Test
  void tableThatWasNotThereBeginsWithItsBuiltInChains() throws IOException {
    assertThat(after("*mangle\n-A OUTPUT -j ACCEPT\nCOMMIT\n").table(Table.MANGLE).chains())
        .containsOnlyKeys(Table.MANGLE.builtInChains());
  }

  @Test
  void whatTheToolRefusesIsRefused() {
    assertRefused("*nat\n-A MISSING -j ACCEPT\nCOMMIT\n", "there is no chain MISSING");
    assertRefused("*nat\n-D MINE -j ACCEPT\nCOMMIT\n", "no such rule: -j ACCEPT");
    assertRefused("*nat\n-I MINE 3 -j ACCEPT\nCOMMIT\n", "no place 3 for -j ACCEPT");
    assertRefused("*bridge\nCOMMIT\n", "there is no table bridge");
  }

  private static void assertRefused(String text, String words) {
    assertThatThrownBy(() -> after(text)).isInstanceOf(IOException.class).hasMessage(words);
  }

  private static SavedRules after(String text) throws IOException {
    return RestoredRules.of(Family.IPV4, SavedRules.parse(BEFORE), text);
  }
}
