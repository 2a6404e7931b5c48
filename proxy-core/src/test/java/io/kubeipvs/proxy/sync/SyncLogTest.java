package io.kubeipvs.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyncLogTest {
  @Test
  void whatIsNewIsSaidInOrder() {
    assertThat(SyncLog.news(Set.of("b", "a", "old"), Set.of("old"))).containsExactly("a", "b");
  }

  @Test
  void aThousandFailuresAreNoThousandLines() {
    Collection<String> failures =
        IntStream.range(0, 1000).mapToObj(i -> "failed: " + i).collect(Collectors.toSet());

    List<String> lines = SyncLog.news(failures, Set.of());

    assertThat(lines).hasSize(51).endsWith("and 950 more lines like these; /debug/state has them");
  }
}
