package io.kubeipvs.proxy.status;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.http.HttpQuestion;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which virtual services somebody wants to see.
 *
 * @param words each must be there, in lower case
 */
record Query(List<String> words, Predicate<Row> filter, Comparator<Row> order, int from, int most) {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final int LONGEST_SEARCH = 200;

  static final Comparator<Row> BY_NAME =
      Comparator.comparing((Row row) -> row.owner().isEmpty())
          .thenComparing(Row::name)
          .thenComparing(Row::key);

  static Query of(HttpQuestion question) {
    String search = question.parameter("search");
    String cut = search.substring(0, Math.min(LONGEST_SEARCH, search.length()));
    return new Query(
        Stream.of(cut.toLowerCase(Locale.ROOT).strip().split("\\s+"))
            .filter(word -> !word.isEmpty())
            .toList(),
        filter(question.parameter("filter")),
        order(question.parameter("sort")),
        (int) Math.min(question.number("offset", 0), Integer.MAX_VALUE),
        (int) Math.min(question.number("limit", PAGE), LARGEST_PAGE));
  }

  private static Predicate<Row> filter(String name) {
    return switch (name) {
      case "draining" -> row -> row.draining() > 0;
      case "empty" -> row -> row.serving() == 0;
      case "busy" -> row -> row.rate() > 0 || row.active() > 0;
      case "foreign" -> row -> row.owner().isEmpty();
      default -> row -> true;
    };
  }

  private static Comparator<Row> order(String name) {
    return switch (name) {
      case "rate" -> Comparator.comparingLong(Row::rate).reversed().thenComparing(BY_NAME);
      case "active" -> Comparator.comparingLong(Row::active).reversed().thenComparing(BY_NAME);
      default -> BY_NAME;
    };
  }

  /** Words that are whole addresses: those of servers are looked for too. */
  Set<IpAddress> addresses() {
    return words.stream()
        .flatMap(word -> IpAddress.parse(word).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether somebody wants to see it.
   *
   * @param holders services that have one of {@link #addresses} among their servers
   */
  boolean matches(Row row, Set<ServiceKey> holders) {
    if (!filter.test(row)) {
      return false;
    }
    if (words.isEmpty()) {
      return true;
    }
    String text = row.text();
    return words.stream()
        .allMatch(
            word ->
                text.contains(word)
                    || (holders.contains(row.key()) && IpAddress.parse(word).isPresent()));
  }
}
