package io.kubeipvs.e2e.bench;

import java.util.Comparator;
import java.util.List;

/**
 * A process that ran to its end.
 *
 * @param peakKib the most resident memory it had
 */
record Run(double seconds, long peakKib, String output) {

  static Run median(List<Run> runs) {
    return runs.stream().sorted(Comparator.comparing(Run::seconds)).toList().get(runs.size() / 2);
  }

  /** The values behind that word, one a line, in what it printed. */
  Samples printed(String key) {
    return new Samples(
        output
            .lines()
            .filter(line -> line.startsWith(key + " "))
            .map(line -> Double.parseDouble(line.substring(key.length() + 1)))
            .toList());
  }
}
