package io.kubeipvs.proxy.inspect.list;

import java.util.ArrayList;
import java.util.List;

/** Lines of cells in columns as wide as they need to be. Numbers stand to the right. */
final class Table {
  private final List<Column> columns;
  private final List<List<String>> lines = new ArrayList<>();

  record Column(String name, boolean number) {
    static Column text(String name) {
      return new Column(name, false);
    }

    static Column number(String name) {
      return new Column(name, true);
    }
  }

  Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  void add(List<String> cells) {
    lines.add(List.copyOf(cells));
  }

  /** How many characters the longest line takes. */
  int width() {
    int width = 0;
    for (int column = 0; column < columns.size(); column++) {
      width += width(column) + (column == 0 ? 0 : 2);
    }
    return width;
  }

  private int width(int column) {
    int width = length(columns.get(column).name());
    for (List<String> line : lines) {
      width = Math.max(width, length(line.get(column)));
    }
    return width;
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  void append(StringBuilder out) {
    int[] widths = new int[columns.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(column);
    }
    append(columns.stream().map(Column::name).toList(), widths, out);
    lines.forEach(line -> append(line, widths, out));
  }

  private void append(List<String> cells, int[] widths, StringBuilder out) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - length(cell));
      line.append(column == 0 ? "" : "  ");
      line.append(columns.get(column).number() ? padding + cell : cell + padding);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
