package io.kubeipvs.proxy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpPrefix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SourceRangesTest {

  record Case(String name, SourceRanges ranges, boolean ipv4, boolean ipv6) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("none given", SourceRanges.NONE, false, false),
        new Case("one of a family", ranges(false, "10.0.0.0/8"), true, false),
        new Case("one of the other family", ranges(false, "fd00::/8"), false, true),
        new Case("everybody", ranges(false, "0.0.0.0/0", "10.0.0.0/8"), false, false),
        new Case("everybody of one family", ranges(false, "::/0", "10.0.0.0/8"), true, false),
        new Case("one that is none", ranges(true), true, true),
        new Case("one that is none beside another", ranges(true, "10.0.0.0/8"), true, true),
        new Case("one that is none beside everybody", ranges(true, "0.0.0.0/0"), false, true));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFamilyIsRestrictedByRangesOfItsOwnAndByUnreadableOnes(Case given) {
    assertThat(given.ranges().restrict(AddressFamily.IPV4)).isEqualTo(given.ipv4());
    assertThat(given.ranges().restrict(AddressFamily.IPV6)).isEqualTo(given.ipv6());
  }

  private static SourceRanges ranges(boolean unreadable, String... ranges) {
    return new SourceRanges(Stream.of(ranges).map(IpPrefix::of).toList(), unreadable);
  }

  @Test
  void orderAndRepetitionAreNoDifference() {
    assertThat(SourceRanges.of(List.of(IpPrefix.of("10.0.0.0/8"), IpPrefix.of("9.0.0.0/8"))))
        .isEqualTo(
            SourceRanges.of(
                List.of(
                    IpPrefix.of("9.0.0.0/8"),
                    IpPrefix.of("10.0.0.0/8"),
                    IpPrefix.of("9.0.0.0/8"))));
  }
}
