package io.kubeipvs.proxy.inspect.list;

import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.list.ServiceList.Server;
import io.kubeipvs.proxy.inspect.list.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A list for people: a table, or, where that is wider than the terminal, a few short lines for each
 * entrance and server.
 *
 * @param wide with zones, templates of persistence and counters
 * @param rates with rates
 * @param width of the terminal in characters
 */
public record ListText(boolean wide, boolean rates, int width) {
  static final String SERVER = "  -> ";

  public String text(ServiceList list) {
    StringBuilder out = new StringBuilder();
    if (list.isOfRules()) {
      new RuleListText(this).append(list, out);
    } else if (!list.entrances().isEmpty()) {
      Table table = table(list);
      if (table.width() <= width) {
        table.append(out);
      } else {
        list.entrances().forEach(entrance -> appendShort(entrance, out));
      }
    }
    list.remarks().forEach(remark -> append("# " + Words.plain(remark), out));
    return out.toString();
  }

  private Table table(ServiceList list) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("SERVICE / POD"));
    columns.add(Column.text("KIND / NODE"));
    columns.add(Column.text("ADDRESS"));
    columns.add(Column.text("POLICY"));
    columns.add(Column.text("SCHEDULER"));
    columns.add(Column.number("WEIGHT"));
    columns.add(Column.number("ACTIVE"));
    columns.add(Column.number("INACTIVE"));
    if (wide) {
      columns.add(Column.number("PERSISTENT"));
      columns.add(Column.number("CONNECTIONS"));
      columns.add(Column.number("BYTES IN"));
      columns.add(Column.number("BYTES OUT"));
    }
    if (rates) {
      columns.add(Column.number("CONN/S"));
      columns.add(Column.number("PKT/S IN"));
      columns.add(Column.number("PKT/S OUT"));
      columns.add(Column.number("B/S IN"));
      columns.add(Column.number("B/S OUT"));
    }
    columns.add(Column.text("STATE"));
    Table table = new Table(columns);
    for (Entrance entrance : list.entrances()) {
      table.add(cells(entrance));
      entrance.servers().forEach(server -> table.add(cells(server)));
    }
    return table;
  }

  private List<String> cells(Entrance entrance) {
    List<String> cells = new ArrayList<>();
    cells.add(Words.plain(entrance.name()));
    cells.add(entrance.kind());
    cells.add(entrance.protocol() + " " + entrance.place());
    cells.add(entrance.policy());
    cells.add(scheduler(entrance));
    cells.add("");
    cells.add(sum(entrance, true));
    cells.add(sum(entrance, false));
    if (wide) {
      cells.add("");
    }
    numbers(entrance.statistics(), cells);
    cells.add(Words.plain(entrance.state()));
    return cells;
  }

  private static String sum(Entrance entrance, boolean active) {
    if (entrance.statistics().isEmpty()) {
      return "";
    }
    return Long.toString(
        entrance.servers().stream()
            .mapToLong(s -> active ? s.activeConnections() : s.inactiveConnections())
            .sum());
  }

  private static String scheduler(Entrance entrance) {
    return entrance.persistenceSeconds() == 0
        ? entrance.scheduler()
        : entrance.scheduler() + ", " + entrance.persistenceSeconds() + " s";
  }

  private List<String> cells(Server server) {
    List<String> cells = new ArrayList<>();
    String zone = wide && !server.zone().isEmpty() ? " (" + server.zone() + ")" : "";
    boolean there = server.weight() >= 0;
    cells.add(SERVER + (server.pod().isEmpty() ? "-" : Words.plain(server.pod())));
    cells.add(SERVER.substring(0, 2) + Words.plain(server.node() + zone));
    cells.add(SERVER.substring(0, 2) + server.place());
    cells.add("");
    cells.add("");
    cells.add(there ? Integer.toString(server.weight()) : "");
    cells.add(there ? Long.toString(server.activeConnections()) : "");
    cells.add(there ? Long.toString(server.inactiveConnections()) : "");
    if (wide) {
      cells.add(there ? Long.toString(server.persistentConnections()) : "");
    }
    numbers(server.statistics(), cells);
    cells.add(state(server));
    return cells;
  }

  private static String state(Server server) {
    String left = server.drainSecondsLeft().map(seconds -> ", " + seconds + " s left").orElse("");
    return Words.plain(server.state()) + left;
  }

  private void numbers(Optional<Statistics> statistics, List<String> cells) {
    if (wide) {
      cells.add(statistics.map(s -> text(s.connections())).orElse(""));
      cells.add(statistics.map(s -> text(s.incomingBytes())).orElse(""));
      cells.add(statistics.map(s -> text(s.outgoingBytes())).orElse(""));
    }
    if (rates) {
      cells.add(statistics.map(s -> text(s.connectionRate())).orElse(""));
      cells.add(statistics.map(s -> text(s.incomingPacketRate())).orElse(""));
      cells.add(statistics.map(s -> text(s.outgoingPacketRate())).orElse(""));
      cells.add(statistics.map(s -> text(s.incomingByteRate())).orElse(""));
      cells.add(statistics.map(s -> text(s.outgoingByteRate())).orElse(""));
    }
  }

  private static String text(long unsigned) {
    return Long.toUnsignedString(unsigned);
  }

  private void appendShort(Entrance entrance, StringBuilder out) {
    append(Words.plain(entrance.name()), out);
    append("  " + entrance.kind() + " " + entrance.protocol() + " " + entrance.place(), out);
    String scheduler = scheduler(entrance);
    String policy = entrance.policy().isEmpty() ? "" : ", policy " + entrance.policy();
    append("  " + (scheduler.isEmpty() ? "" : "scheduler " + scheduler) + policy, out);
    append("  " + Words.plain(entrance.state()), out);
    appendNumbers("  ", entrance.statistics(), out);
    entrance.servers().forEach(server -> appendShort(server, out));
  }

  private void appendShort(Server server, StringBuilder out) {
    append(SERVER + server.place(), out);
    String pod = server.pod().isEmpty() ? "" : "pod " + server.pod();
    String node = server.node().isEmpty() ? "" : " on " + server.node();
    append("     " + Words.plain(pod + node).strip(), out);
    if (server.weight() >= 0) {
      append(
          "     weight %d, %d active, %d inactive"
              .formatted(server.weight(), server.activeConnections(), server.inactiveConnections()),
          out);
    }
    append("     " + state(server), out);
    appendNumbers("     ", server.statistics(), out);
  }

  private void appendNumbers(String indent, Optional<Statistics> statistics, StringBuilder out) {
    statistics.ifPresent(
        s -> {
          if (wide) {
            append(
                indent
                    + "%s connections, %s bytes in, %s out"
                        .formatted(
                            text(s.connections()),
                            text(s.incomingBytes()),
                            text(s.outgoingBytes())),
                out);
          }
          if (rates) {
            append(
                indent
                    + "per second: %s connections, %s and %s packets, %s and %s bytes in and out"
                        .formatted(
                            text(s.connectionRate()),
                            text(s.incomingPacketRate()),
                            text(s.outgoingPacketRate()),
                            text(s.incomingByteRate()),
                            text(s.outgoingByteRate())),
                out);
          }
        });
  }

  /**
   * A line that goes on below itself, by words, where it is too long; none where it says nothing.
   */
  void append(String line, StringBuilder out) {
    if (line.isBlank()) {
      return;
    }
    String indent = " ".repeat(line.length() - line.stripLeading().length() + 2);
    String rest = line.stripTrailing();
    while (rest.length() > width) {
      int blank = rest.lastIndexOf(' ', width);
      boolean breaks = blank >= indent.length();
      int end = breaks ? blank : Math.min(rest.length(), Math.max(width, indent.length() + 1));
      out.append(rest, 0, end).append('\n');
      rest = indent + rest.substring(end).stripLeading();
    }
    out.append(rest).append('\n');
  }
}
