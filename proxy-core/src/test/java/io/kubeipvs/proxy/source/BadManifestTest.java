package io.kubeipvs.proxy.source;

import static io.kubeipvs.proxy.source.GivenManifest.read;
import static io.kubeipvs.proxy.source.GivenManifest.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.source.GivenManifest.Case;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files and objects that cannot be read at all: it is said where, in few printable words. */
class BadManifestTest {
  @Test
  void anObjectWithoutAUsableNameIsLeftOut() {
    for (String name : List.of("", "name: Web", "name: 7", "name: a.b", "name: a, namespace: B")) {
      Manifest manifest =
          read("{apiVersion: v1, kind: Service, metadata: {" + name + "}, spec: {}}");
      assertThat(manifest.services()).isEmpty();
      assertThat(manifest.problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.object()).isEqualTo("Service"));
    }
  }

  @Test
  void aKindWeDoNotReadIsReportedOnce() {
    Manifest manifest =
        read(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: a}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: b}}
            ---
            {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: []}]}
            """);
    assertThat(manifest.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "test.yaml: objects of kind v1 Pod are not read",
            "test.yaml: objects of kind v1 List are not read");
  }

  @Test
  void aDocumentThatIsNoObjectIsReported() {
    assertThat(read("just words").problems())
        .extracting(Problem::toString)
        .contains("test.yaml: 'just words' is not an object");
  }

  @Test
  void aFileThatIsNotYamlGivesNothingAndSaysWhere() {
    Manifest manifest = read("apiVersion: v1\nkind: [Service\nmetadata: {name: a}\n");
    assertThat(manifest.readable()).isFalse();
    assertThat(manifest.problems())
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).startsWith("not YAML: line 3, column "));
  }

  static Stream<Case> unreadable() {
    String deep = "[".repeat(60) + "]".repeat(60);
    String laughs = "a: &a 1\nb: [" + "*a, ".repeat(101) + "1]";
    return Stream.of(
        new Case("a: 1\na: 2", "line 2, column 1: duplicate key a"),
        new Case("a: &x {b: 1}\nc: {<<: *x}", "a merge key (<<), which YAML 1.2 does not have"),
        new Case("a: *b", "undefined alias b"),
        new Case("a: &a [*a]", "undefined alias a"),
        new Case("a: !!int '1'", "the tag tag:yaml.org,2002:int"),
        new Case("{[a]: 1}", "a key that is not a text"),
        new Case(deep, "nested deeper than 50"),
        new Case(laughs, "more than 100 aliases"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void tricksAreRefused(Case given) {
    Manifest manifest = read(given.fields());
    assertThat(manifest.readable()).isFalse();
    assertThat(manifest.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(given.problem()));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] bytes = {'a', ':', ' ', (byte) 0xff};
    assertThat(ManifestReader.read("test.yaml", bytes).problems())
        .extracting(Problem::toString)
        .containsExactly("test.yaml: not YAML: not UTF-8");
  }

  /** They end up in logs and on terminals. */
  @Test
  void whatIsShownIsShortAndPrintable() {
    Manifest manifest =
        service("ports: [{port: 80}]", "type: \"\\e[31m\\n" + "x".repeat(100) + "\"");
    assertThat(manifest.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message()).startsWith("'?[31m?xxx").contains("...' is none of"));
  }
}
