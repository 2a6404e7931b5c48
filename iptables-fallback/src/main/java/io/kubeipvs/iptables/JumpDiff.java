package io.kubeipvs.iptables;

import java.util.ArrayList;
import java.util.List;

/** Our rules in the built-in chains of a table, among everybody's. */
final class JumpDiff {
  private final Family family;
  private final SavedTable observed;
  private final List<String> deletions = new ArrayList<>();
  private final List<String> insertions = new ArrayList<>();

  private JumpDiff(Family family, SavedTable observed) {
    this.family = family;
    this.observed = observed;
  }

  static List<String> diff(RuleSet wanted, Table table, SavedTable observed) {
    JumpDiff diff = new JumpDiff(wanted.family(), observed);
    wanted.obsolete().jumps().stream()
        .filter(jump -> jump.table() == table && !wanted.jumps().contains(jump))
        .forEach(diff::delete);
    for (String chain : table.builtInChains()) {
      diff.ensure(
          wanted.jumps().stream()
              .filter(jump -> jump.table() == table && jump.chain().equals(chain))
              .toList());
    }
    List<String> commands = new ArrayList<>(diff.deletions);
    commands.addAll(diff.insertions);
    return commands;
  }

  /**
   * Where one stands twice, all of ours in that chain are taken out and put in again: deleting by
   * text takes the first copy, which may be the one that stood before somebody's {@code DROP}.
   */
  private void ensure(List<Jump> ofOneChain) {
    boolean again = ofOneChain.stream().anyMatch(jump -> count(jump) > 1);
    for (Jump jump : ofOneChain) {
      if (again) {
        delete(jump);
      }
      if (again || count(jump) == 0) {
        insertions.add(ChainDiff.command("-I " + jump.chain() + " 1", jump.rule().text()));
      }
    }
  }

  private void delete(Jump jump) {
    String command = ChainDiff.command("-D " + jump.chain(), jump.rule().text());
    for (int copies = count(jump); copies > 0; copies--) {
      deletions.add(command);
    }
  }

  private int count(Jump jump) {
    return (int)
        observed.rules(jump.chain()).stream()
            .filter(rule -> jump.isPrintedAs(family, rule))
            .count();
  }
}
