package io.kubeipvs.proxy.check.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What connection tracking counted, from {@code /proc/net/stat/nf_conntrack}: names of columns,
 * then a line for each processor, in hexadecimal.
 */
final class TrackingFile {
  private final Path file;

  TrackingFile(Path root) {
    this.file = root.resolve("proc/net/stat/nf_conntrack");
  }

  TrackingDrops read() throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    if (lines.isEmpty()) {
      throw new IOException(file + " is empty");
    }
    List<String> names = Arrays.asList(lines.get(0).strip().split("\\s+", -1));
    List<String> rows = lines.subList(1, lines.size());
    return new TrackingDrops(
        sum(rows, names.indexOf("drop")),
        sum(rows, names.indexOf("early_drop")),
        sum(rows, names.indexOf("insert_failed")));
  }

  private static long sum(List<String> rows, int column) {
    long sum = 0;
    for (String row : rows) {
      String[] words = row.strip().split("\\s+", -1);
      if (column >= 0 && column < words.length && words[column].matches("[0-9a-f]{1,15}")) {
        sum += Long.parseLong(words[column], 16);
      }
    }
    return sum;
  }
}
