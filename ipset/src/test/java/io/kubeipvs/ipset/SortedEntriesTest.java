package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SortedEntriesTest {

  @Test
  void equalsAnyOtherSetOfTheSame() {
    List<SetEntry> shuffled = new ArrayList<>(Entries.ipPorts(100));
    shuffled.addAll(Entries.ipPorts(50));
    Collections.shuffle(shuffled, new Random(1));
    Set<SetEntry> sorted = SortedEntries.copyOf(shuffled);
    assertThat(sorted).isEqualTo(new HashSet<>(shuffled)).hasSize(100);
    assertThat(new HashSet<>(shuffled)).isEqualTo(sorted).hasSameHashCodeAs(sorted);
    assertThat(List.copyOf(sorted)).isEqualTo(Entries.ipPorts(100));
  }

  @Test
  void containsWhatIsInItOnly() {
    Set<SetEntry> sorted = SortedEntries.copyOf(Entries.ipPorts(100));
    assertThat(sorted.contains(Entries.ipPort(99))).isTrue();
    assertThat(sorted.contains(Entries.ipPort(100))).isFalse();
    assertThat(sorted.contains(new SetEntry.Port(80))).isFalse();
  }

  @Test
  void neverChanges() {
    Set<SetEntry> sorted = SortedEntries.copyOf(Entries.ipPorts(2));
    assertThat(SortedEntries.copyOf(sorted)).isSameAs(sorted);
    assertThatThrownBy(() -> sorted.remove(Entries.ipPort(0)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(sorted::clear).isInstanceOf(UnsupportedOperationException.class);
  }
}
