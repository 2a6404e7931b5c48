package io.kubeipvs.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** The index against the words: both say the same of any flow and filters. */
class FlowMatcherTest {
  private static final List<Protocol> PROTOCOLS = List.of(Protocol.UDP, Protocol.SCTP);

  private Random random = new Random();

  @RepeatedTest(20)
  void theIndexFindsWhatOneOfTheFiltersMatches(RepetitionInfo repetition) {
    random = new Random(repetition.getCurrentRepetition());
    List<FlowFilter> filters = Stream.generate(this::filter).limit(5).toList();
    List<Flow> flows = Stream.generate(this::flow).limit(500).toList();
    FlowMatcher matcher = new FlowMatcher(filters);

    List<Flow> expected =
        flows.stream().filter(flow -> filters.stream().anyMatch(f -> f.matches(flow))).toList();

    assertThat(flows.stream().filter(matcher::matches).toList())
        .as("%s", filters)
        .isEqualTo(expected);
    assertThat(expected.size()).as("of these filters").isBetween(1, flows.size() - 1);
  }

  private FlowFilter filter() {
    AddressFamily family = family();
    return new FlowFilter(
        family,
        protocol(),
        perhaps(family),
        random.nextInt(3),
        perhaps(family),
        random.nextInt(3),
        spared(family));
  }

  private Set<FlowFilter.Answerer> spared(AddressFamily family) {
    return random.nextBoolean()
        ? Set.of()
        : Set.of(new FlowFilter.Answerer(address(family), port()));
  }

  private Flow flow() {
    AddressFamily family = family();
    return new Flow(protocol(), tuple(family), tuple(family), 0, 0);
  }

  private FlowTuple tuple(AddressFamily family) {
    return new FlowTuple(address(family), port(), address(family), port());
  }

  private Optional<IpAddress> perhaps(AddressFamily family) {
    return random.nextBoolean() ? Optional.of(address(family)) : Optional.empty();
  }

  private IpAddress address(AddressFamily family) {
    String network = family == AddressFamily.IPV4 ? "10.1.0." : "fd01::";
    return IpAddress.of(network + (1 + random.nextInt(2)));
  }

  private int port() {
    return 1 + random.nextInt(2);
  }

  private AddressFamily family() {
    return random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
  }

  private Protocol protocol() {
    return PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
  }
}
