package io.kubeipvs.iptables;

import io.kubeipvs.iptables.TableChange.ChainChange;
import java.util.ArrayList;
import java.util.List;

/** Writes restore text, and begins a new one whenever the lines are full. */
final class Chunks {
  private final int maximumLines;
  private final List<String> finished = new ArrayList<>();
  private final StringBuilder written = new StringBuilder();
  private final StringBuilder declarations = new StringBuilder();
  private final StringBuilder commands = new StringBuilder();
  private Table table = Table.FILTER;
  private int lines;

  Chunks(int maximumLines) {
    this.maximumLines = maximumLines;
  }

  void begin(Table newTable) {
    table = newTable;
  }

  void add(ChainChange chain) {
    makeRoom(chain.commands().size() + 1);
    if (chain.declared()) {
      declarations.append(':').append(chain.chain()).append(" - [0:0]\n");
    }
    for (String command : chain.commands()) {
      commands.append(command).append('\n');
    }
  }

  void add(String command) {
    makeRoom(1);
    commands.append(command).append('\n');
  }

  void end() {
    if (declarations.length() > 0 || commands.length() > 0) {
      written.append('*').append(table).append('\n');
      written.append(declarations).append(commands).append("COMMIT\n");
      declarations.setLength(0);
      commands.setLength(0);
    }
  }

  List<String> finished() {
    cut();
    return finished;
  }

  private void makeRoom(int more) {
    if (lines > 0 && lines + (long) more > maximumLines) {
      end();
      cut();
    }
    lines += more;
  }

  private void cut() {
    if (written.length() > 0) {
      finished.add(written.toString());
      written.setLength(0);
      lines = 0;
    }
  }
}
