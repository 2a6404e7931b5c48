package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetNameTest {

  @Test
  void lengthIsCountedInBytes() {
    assertThat(new SetName("x".repeat(31)).value()).hasSize(31);
    assertThat(new SetName("ä".repeat(15) + "x").value()).hasSize(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ääääääääääääääää"})
  void nameOfWrongLengthIsRefused(String name) {
    assertThatThrownBy(() -> new SetName(name)).isInstanceOf(IllegalArgumentException.class);
  }

  /** The kernel would end the name there, and so mean another set. */
  @Test
  void zeroByteIsRefused() {
    assertThatThrownBy(() -> new SetName("KUBE\0X")).isInstanceOf(IllegalArgumentException.class);
  }
}
