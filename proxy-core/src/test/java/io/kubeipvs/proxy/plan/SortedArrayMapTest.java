package io.kubeipvs.proxy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SortedArrayMapTest {

  @RepeatedTest(50)
  void answersAsATreeDoes(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    TreeMap<Integer, String> tree = new TreeMap<>();
    int size = random.nextInt(20);
    for (int i = 0; i < size; i++) {
      int key = random.nextInt(30);
      tree.put(key, "v" + key);
    }
    SortedMap<Integer, String> map = SortedArrayMap.copyOf(tree);

    assertThat(map).isEqualTo(tree).hasSameHashCodeAs(tree).hasToString(tree.toString());
    assertThat(tree).isEqualTo(map);
    assertThat(map.keySet()).containsExactlyElementsOf(tree.keySet());
    for (int key = -1; key <= 30; key++) {
      assertThat(map.get(key)).isEqualTo(tree.get(key));
      assertThat(map.containsKey(key)).isEqualTo(tree.containsKey(key));
      assertThat(map.headMap(key)).isEqualTo(tree.headMap(key));
      assertThat(map.tailMap(key)).isEqualTo(tree.tailMap(key));
      assertThat(map.subMap(key, 30)).isEqualTo(tree.subMap(key, 30));
    }
    if (!tree.isEmpty()) {
      assertThat(map.firstKey()).isEqualTo(tree.firstKey());
      assertThat(map.lastKey()).isEqualTo(tree.lastKey());
    }
  }

  @Test
  void orderIsNaturalWhateverItWas() {
    TreeMap<Integer, String> reversed = new TreeMap<>(Comparator.reverseOrder());
    reversed.put(1, "a");
    reversed.put(2, "b");
    assertThat(SortedArrayMap.copyOf(reversed).keySet()).containsExactly(1, 2);
  }

  @Test
  void aCopyOfOneIsItself() {
    SortedMap<Integer, String> map = SortedArrayMap.copyOf(new TreeMap<Integer, String>());
    assertThat(SortedArrayMap.copyOf(map)).isSameAs(map);
  }

  @Test
  void nothingCanBeChanged() {
    SortedMap<Integer, String> map = SortedArrayMap.copyOf(new TreeMap<Integer, String>());
    assertThatThrownBy(() -> map.put(1, "a")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> map.firstKey()).isInstanceOf(NoSuchElementException.class);
  }
}
