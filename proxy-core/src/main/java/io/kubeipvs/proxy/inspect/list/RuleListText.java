package io.kubeipvs.proxy.inspect.list;

import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.inspect.list.ServiceList.Chosen;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.list.ServiceList.Ruled;
import io.kubeipvs.proxy.inspect.list.ServiceList.Server;
import io.kubeipvs.proxy.inspect.list.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A list for people in iptables mode: shares and counters of rules where {@link ListText} has
 * weights and connections.
 */
final class RuleListText {
  private final ListText frame;

  RuleListText(ListText frame) {
    this.frame = frame;
  }

  /** {@code 33.3 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  void append(ServiceList list, StringBuilder out) {
    if (list.entrances().isEmpty()) {
      return;
    }
    Table table = table(list);
    if (table.width() <= frame.width()) {
      table.append(out);
    } else {
      list.entrances().forEach(entrance -> appendShort(entrance, out));
    }
  }

  private Table table(ServiceList list) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("SERVICE / POD"));
    columns.add(Column.text("KIND / NODE"));
    columns.add(Column.text("ADDRESS"));
    columns.add(Column.text("POLICY"));
    columns.add(Column.text("AFFINITY"));
    columns.add(Column.number("SHARE"));
    columns.add(Column.number("FIRST PACKETS"));
    if (frame.wide()) {
      columns.add(Column.number("THEIR BYTES"));
      columns.add(Column.text("CHAIN"));
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
    cells.add(affinity(entrance));
    cells.add("");
    cells.add(of(entrance, rules -> Long.toUnsignedString(rules.packets())));
    if (frame.wide()) {
      cells.add(of(entrance, rules -> Long.toUnsignedString(rules.bytes())));
      cells.add(Words.plain(of(entrance, Ruled::chain)));
    }
    cells.add(Words.plain(entrance.state()));
    return cells;
  }

  private static String of(Entrance entrance, Function<Ruled, String> text) {
    return entrance.rules().map(text).orElse("");
  }

  private static String affinity(Entrance entrance) {
    return entrance.persistenceSeconds() == 0 ? "" : entrance.persistenceSeconds() + " s";
  }

  private List<String> cells(Server server) {
    List<String> cells = new ArrayList<>();
    String zone = frame.wide() && !server.zone().isEmpty() ? " (" + server.zone() + ")" : "";
    cells.add(ListText.SERVER + (server.pod().isEmpty() ? "-" : Words.plain(server.pod())));
    cells.add("  " + Words.plain(server.node() + zone));
    cells.add("  " + server.place());
    cells.add("");
    cells.add("");
    cells.add(of(server, rules -> percent(rules.share())));
    cells.add(of(server, rules -> Long.toUnsignedString(rules.packets())));
    if (frame.wide()) {
      cells.add(of(server, rules -> Long.toUnsignedString(rules.bytes())));
      cells.add("  " + Words.plain(of(server, Chosen::chain)));
    }
    cells.add(Words.plain(server.state()));
    return cells;
  }

  private static String of(Server server, Function<Chosen, String> text) {
    return server.rules().map(text).orElse("");
  }

  private void appendShort(Entrance entrance, StringBuilder out) {
    frame.append(Words.plain(entrance.name()), out);
    frame.append("  " + entrance.kind() + " " + entrance.protocol() + " " + entrance.place(), out);
    String policy = entrance.policy().isEmpty() ? "" : "policy " + entrance.policy();
    String affinity = affinity(entrance).isEmpty() ? "" : ", affinity " + affinity(entrance);
    frame.append("  " + policy + affinity, out);
    frame.append("  " + of(entrance, rules -> counted(rules.packets(), rules.bytes())), out);
    if (frame.wide()) {
      frame.append("  " + Words.plain(of(entrance, Ruled::chain)), out);
    }
    frame.append("  " + Words.plain(entrance.state()), out);
    entrance.servers().forEach(server -> appendShort(server, out));
  }

  private void appendShort(Server server, StringBuilder out) {
    frame.append(ListText.SERVER + server.place(), out);
    String pod = server.pod().isEmpty() ? "" : "pod " + server.pod();
    String node = server.node().isEmpty() ? "" : " on " + server.node();
    frame.append("     " + Words.plain(pod + node).strip(), out);
    frame.append(
        "     "
            + of(
                server,
                rules -> percent(rules.share()) + ", " + counted(rules.packets(), rules.bytes())),
        out);
    if (frame.wide()) {
      frame.append("     " + Words.plain(of(server, Chosen::chain)), out);
    }
    frame.append("     " + Words.plain(server.state()), out);
  }

  private String counted(long packets, long bytes) {
    String first = Long.toUnsignedString(packets) + " first packets";
    return frame.wide() ? first + " of " + Long.toUnsignedString(bytes) + " bytes" : first;
  }
}
