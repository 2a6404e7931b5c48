package io.kubeipvs.proxy.source;

import static io.kubeipvs.proxy.source.GivenManifest.problems;
import static io.kubeipvs.proxy.source.GivenManifest.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.source.GivenManifest.Case;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** EndpointSlices with something wrong in them: no more is left out than must be. */
class BadSliceTest {
  static Stream<Case> slices() {
    return Stream.of(
        new Case("addressType: IPv5", "addressType: 'IPv5' is none of IPv4, IPv6, FQDN"),
        new Case("addressType: ~", "addressType: is missing"),
        new Case(
            "metadata: {name: web-1, labels: {kubernetes.io/service-name: 'a/b'}}",
            "metadata.labels[kubernetes.io/service-name]: 'a/b' is not a DNS label"),
        new Case(
            "metadata: {name: web-1}", "metadata.labels[kubernetes.io/service-name]: is missing"));
  }

  @ParameterizedTest
  @MethodSource("slices")
  void aSliceIsLeftOut(Case given) {
    Manifest manifest = slice(given.fields());
    assertThat(manifest.slices()).isEmpty();
    assertThat(manifest.problems())
        .extracting(Problem::toString)
        .containsExactly("test.yaml: EndpointSlice default/web-1: " + given.problem());
  }

  static Stream<Case> endpoints() {
    return Stream.of(
        new Case(
            "{addresses: [web.example.org]}",
            "addresses[0]: 'web.example.org' is not an IP address"),
        new Case(
            "{addresses: ['fd00::1']}", "addresses[0]: fd00::1 is not of the slice's addressType"),
        new Case(
            "{addresses: [127.0.0.1]}",
            "addresses[0]: 127.0.0.1 is unspecified, loopback, link-local or multicast"),
        new Case("{addresses: []}", "addresses: holds no address"),
        new Case("{addresses: [~]}", "addresses[0]: is missing"),
        new Case("{}", "addresses: holds no address"));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void anEndpointIsLeftOutAlone(Case given) {
    Manifest manifest =
        slice(
            "endpoints: [{addresses: [10.1.0.1]}, "
                + given.fields()
                + ", {addresses: [10.1.0.2]}]");
    assertThat(manifest.slices())
        .singleElement()
        .extracting(EndpointSlice::endpoints)
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(2);
    assertThat(problems(manifest)).containsExactly("endpoints[1]." + given.problem());
  }

  @Test
  void addressesThatDoNotCountAreCheckedToo() {
    Manifest manifest = slice("endpoints: [{addresses: [10.1.0.1, nonsense]}]");
    assertThat(manifest.slices().get(0).endpoints()).hasSize(1);
    assertThat(problems(manifest))
        .containsExactly("endpoints[0].addresses[1]: 'nonsense' is not an IP address");
  }

  @Test
  void aBadPortOfASliceIsLeftOutAlone() {
    Manifest manifest = slice("ports: [{name: a, port: 80}, {name: b, port: 0}, {name: c}]");
    assertThat(manifest.slices().get(0).ports()).hasSize(1);
    assertThat(problems(manifest))
        .containsExactly("ports[1].port: 0 is not in 1..65535", "ports[2].port: is missing");
  }

  @Test
  void aConditionThatIsNoneCountsAsAbsent() {
    Manifest manifest =
        slice("endpoints: [{addresses: [10.1.0.1], conditions: {ready: 'false'}, hints: 7}]");
    assertThat(manifest.slices().get(0).endpoints().get(0).ready()).isTrue();
    assertThat(problems(manifest))
        .containsExactlyInAnyOrder(
            "endpoints[0].conditions.ready: 'false' is neither true nor false",
            "endpoints[0].hints: 7 is not an object");
  }
}
