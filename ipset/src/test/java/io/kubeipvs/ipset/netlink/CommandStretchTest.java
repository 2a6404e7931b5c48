package io.kubeipvs.ipset.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipset.SetSpec;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandStretchTest {
  private static final SetName A = new SetName("A");
  private static final SetName B = new SetName("B");
  private static final SetCommand ADD_A = new SetCommand.Add(A, new SetEntry.Port(1));
  private static final SetCommand ADD_B = new SetCommand.Add(B, new SetEntry.Port(1));
  private static final SetCommand DELETE_A = new SetCommand.Delete(A, new SetEntry.Port(1));
  private static final SetCommand CREATE_A = new SetCommand.Create(SetSpec.ports("A"));

  @Test
  void neighboursOfOneKindOnOneSetShareAMessage() {
    assertThat(phases(ADD_A, ADD_A, ADD_B, ADD_A)).isEqualTo("[[0-2, 2-3, 3-4]]");
  }

  @Test
  void creationAndAdditionGoInOnePhase() {
    assertThat(phases(CREATE_A, ADD_A, ADD_A)).isEqualTo("[[0-1, 1-3]]");
  }

  @Test
  void whatElseHappensToASetWaitsForItsEntries() {
    assertThat(phases(ADD_A, DELETE_A)).isEqualTo("[[0-1], [1-2]]");
    assertThat(phases(ADD_A, new SetCommand.Flush(A))).isEqualTo("[[0-1], [1-2]]");
    assertThat(phases(ADD_A, new SetCommand.Swap(B, A))).isEqualTo("[[0-1], [1-2]]");
    assertThat(phases(ADD_A, new SetCommand.Rename(B, A))).isEqualTo("[[0-1], [1-2]]");
    assertThat(phases(ADD_A, CREATE_A)).isEqualTo("[[0-1], [1-2]]");
  }

  @Test
  void otherSetsDoNotWait() {
    assertThat(phases(ADD_A, new SetCommand.Destroy(B), ADD_B, ADD_A))
        .isEqualTo("[[0-1, 1-2, 2-3, 3-4]]");
  }

  @Test
  void longRowIsCut() {
    List<SetCommand> row = Collections.nCopies(CommandStretch.MAXIMUM_ENTRIES * 2 + 1, ADD_A);
    assertThat(CommandStretch.phases(row)).hasSize(1);
    assertThat(CommandStretch.phases(row).get(0))
        .extracting(CommandStretch::size)
        .containsExactly(CommandStretch.MAXIMUM_ENTRIES, CommandStretch.MAXIMUM_ENTRIES, 1);
  }

  @Test
  void halvesMakeTheWhole() {
    CommandStretch odd = new CommandStretch(3, 8);
    assertThat(odd.firstHalf()).isEqualTo(new CommandStretch(3, 5));
    assertThat(odd.secondHalf()).isEqualTo(new CommandStretch(5, 8));
  }

  private static String phases(SetCommand... commands) {
    return CommandStretch.phases(List.of(commands)).stream()
        .map(phase -> phase.stream().map(s -> s.from() + "-" + s.to()).toList())
        .toList()
        .toString();
  }
}
