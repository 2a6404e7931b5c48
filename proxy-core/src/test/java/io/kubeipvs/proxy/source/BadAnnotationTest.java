package io.kubeipvs.proxy.source;

import static io.kubeipvs.proxy.source.GivenManifest.problems;
import static io.kubeipvs.proxy.source.GivenManifest.read;
import static io.kubeipvs.proxy.source.GivenManifest.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.source.GivenManifest.Case;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings in annotations that cannot be read: the Service is served without them. */
class BadAnnotationTest {
  static Stream<Case> annotations() {
    return Stream.of(
        new Case("scheduler: 'r r'", "scheduler]: 'r r' is not the name of a scheduler"),
        new Case("scheduler: 7", "scheduler]: 7 is not a text"),
        new Case(
            "scheduler-flags: sh-port",
            "scheduler-flags]: needs the annotation kube-ipvs.io/scheduler"),
        new Case(
            "drain-timeout: soon", "drain-timeout]: 'soon' is not a duration like 30s or 1h30m"),
        new Case("drain-timeout: -5s", "drain-timeout]: '-5s' is not a duration like 30s or 1h30m"),
        new Case(
            "drain-timeout: " + "9".repeat(50) + "s",
            "drain-timeout]: '" + "9".repeat(50) + "s' is not a duration like 30s or 1h30m"),
        new Case("zone-weights: a=0", "zone-weights]: 'a=0' is no weight of 1..65535"),
        new Case("zone-weights: a", "zone-weights]: 'a=' is no weight of 1..65535"),
        new Case("zone-weights: a=65536", "zone-weights]: 'a=65536' is no weight of 1..65535"),
        new Case("endpoint-weights: web=3", "endpoint-weights]: 'web=3' is no weight of 1..65535"),
        new Case("slow-start: -3s", "slow-start]: '-3s' is not a duration like 30s or 1h30m"),
        new Case("shceduler: lc", "shceduler]: is no setting of this proxy"));
  }

  @ParameterizedTest
  @MethodSource("annotations")
  void aBadSettingCountsAsNone(Case given) {
    Manifest manifest = annotated(given.fields());
    assertThat(manifest.services()).isEqualTo(service("ports: [{port: 80}]").services());
    assertThat(problems(manifest))
        .containsExactly("metadata.annotations[kube-ipvs.io/" + given.problem());
  }

  @Test
  void badFlagsLeaveTheScheduler() {
    Manifest manifest = annotated("scheduler: sh, kube-ipvs.io/scheduler-flags: mh-port");
    assertThat(manifest.services().get(0).settings().scheduler().orElseThrow().scheduler())
        .hasToString("sh");
    assertThat(problems(manifest))
        .containsExactly(
            "metadata.annotations[kube-ipvs.io/scheduler-flags]: 'mh-port' is not a flag of"
                + " scheduler sh");
  }

  @Test
  void slowStartNeedsWeightsThatShare() {
    Manifest manifest = annotated("scheduler: sh, kube-ipvs.io/slow-start: 30s");
    assertThat(manifest.services().get(0).settings().slowStart()).isEmpty();
    assertThat(problems(manifest))
        .containsExactly(
            "metadata.annotations[kube-ipvs.io/slow-start]: needs a scheduler that shares by"
                + " weight, such as wrr");
    for (String good : List.of("scheduler: wlc, kube-ipvs.io/slow-start: 30s", "slow-start: 30s")) {
      assertThat(problems(annotated(good))).as(good).isEmpty();
    }
  }

  private static Manifest annotated(String annotation) {
    return read(
        "{apiVersion: v1, kind: Service, metadata: {name: web, annotations: {kube-ipvs.io/"
            + annotation
            + "}}, spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}}");
  }
}
