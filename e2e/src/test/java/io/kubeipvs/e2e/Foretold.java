package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code explain --batch} says in a line: {@code CLIENT -> DESTINATION: END; END; ...}.
 *
 * @param ends in their words
 */
record Foretold(String line, List<String> ends) {
  /** An address that no host of the cluster has. */
  static final String NOBODY = "nobody";

  private static final Pattern DELIVERED =
      Pattern.compile(
          "(\\[?[0-9a-f.:]+\\]?):[0-9]+, (?:not )?masqueraded: the server sees (\\S+).*");
  private static final Pattern FORWARDED = Pattern.compile("sent on to (\\S+):[0-9]+ by .*");

  Foretold {
    ends = List.copyOf(ends);
  }

  static Foretold parse(String line) {
    String answer = line.substring(line.indexOf(": ", line.indexOf(" -> ")) + 2);
    List<String> ends = new ArrayList<>();
    for (String part : answer.split("; ", -1)) {
      ends.add(part.replaceFirst("^[0-9.]+ % ", ""));
    }
    return new Foretold(line, ends);
  }

  boolean isUncertain() {
    return line.endsWith("(maybe)") || line.contains(" (maybe); ");
  }

  /** Each kind of end once. */
  SortedSet<String> kinds() {
    SortedSet<String> kinds = new TreeSet<>();
    for (String end : ends) {
      kinds.add(DELIVERED.matcher(end).matches() ? "delivered" : end.split(" ", 2)[0]);
    }
    return kinds;
  }

  /**
   * @param names of servers by their addresses
   */
  boolean agrees(Truth truth, Function<IpAddress, String> names) {
    return ends.stream().anyMatch(end -> agrees(end, truth, names));
  }

  private static boolean agrees(String end, Truth truth, Function<IpAddress, String> names) {
    Matcher delivered = DELIVERED.matcher(end);
    if (delivered.matches()) {
      return isAnsweredBy(names.apply(address(delivered.group(1))), truth)
          && truth.seenAs().filter(IpAddress.of(delivered.group(2))::equals).isPresent();
    }
    Matcher forwarded = FORWARDED.matcher(end);
    if (forwarded.matches()) {
      String name = names.apply(address(forwarded.group(1)));
      return name.equals(NOBODY) ? truth.server().isEmpty() : isAnsweredBy(name, truth);
    }
    if (end.startsWith("given to a program of this host")) {
      return isAnsweredBy("node1", truth);
    }
    if (end.startsWith("refused")) {
      return truth.isRefused();
    }
    return end.startsWith("dropped") && truth.isDropped();
  }

  private static boolean isAnsweredBy(String name, Truth truth) {
    return truth.server().filter(name::equals).isPresent();
  }

  private static IpAddress address(String text) {
    return IpAddress.of(text.replaceAll("[\\[\\]]", ""));
  }
}
