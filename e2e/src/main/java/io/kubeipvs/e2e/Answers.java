package io.kubeipvs.e2e;

import io.kubeipvs.net.IpAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What came of some requests, each list in the order of completion. */
public record Answers(List<Answer> answers, List<Failure> failures) {

  /**
   * What a server said.
   *
   * @param client the address the server saw the request come from
   * @param connecting until the connection stood (0 when it did before)
   * @param at when the request began, counted from the first one
   */
  public record Answer(
      String server,
      IpAddress client,
      int clientPort,
      Duration connecting,
      Duration total,
      Duration at) {}

  /**
   * A request without an answer.
   *
   * @param step {@code connect} or {@code answer}: what had not happened yet
   * @param reason the errno's name ({@code ECONNREFUSED}), {@code timeout} or {@code closed}
   */
  public record Failure(String step, String reason, Duration total, Duration at) {
    public static final String REFUSED = "ECONNREFUSED";
    public static final String TIMEOUT = "timeout";
  }

  public Answers {
    answers = List.copyOf(answers);
    failures = List.copyOf(failures);
  }

  /** From agent.py's lines: {@code answer ...} or {@code failure ...}, times in microseconds. */
  static Answers parse(List<String> lines) {
    List<Answer> answers = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("answer")) {
        answers.add(
            new Answer(
                words[1],
                IpAddress.of(words[2]),
                Integer.parseInt(words[3]),
                micros(words[4]),
                micros(words[5]),
                micros(words[6])));
      } else {
        failures.add(new Failure(words[1], words[2], micros(words[3]), micros(words[4])));
      }
    }
    return new Answers(answers, failures);
  }

  private static Duration micros(String text) {
    return Duration.of(Long.parseLong(text), ChronoUnit.MICROS);
  }

  /** How many each server gave. */
  public Map<String, Integer> byServer() {
    Map<String, Integer> counts = new TreeMap<>();
    answers.forEach(answer -> counts.merge(answer.server(), 1, Integer::sum));
    return counts;
  }

  /** How often each reason of a failure was met. */
  public Map<String, Integer> byReason() {
    Map<String, Integer> counts = new TreeMap<>();
    failures.forEach(failure -> counts.merge(failure.reason(), 1, Integer::sum));
    return counts;
  }

  /** The addresses that servers saw requests come from. */
  public Set<IpAddress> clients() {
    Set<IpAddress> clients = new TreeSet<>();
    answers.forEach(answer -> clients.add(answer.client()));
    return clients;
  }

  /** The time within which this share (0.5, 0.99) of the connections stood. */
  public Duration connectingAt(double share) {
    List<Duration> sorted = answers.stream().map(Answer::connecting).sorted().toList();
    return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
  }
}
