package io.kubeipvs.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Helm itself, as a library, renders the chart. */
class ChartTest {
  private static final Helm CHART = new Helm(Documents.file("chart/kube-ipvs").toAbsolutePath());
  private static final Map<String, Object> ADDRESS =
      Map.of("apiServer", "https://api-server.invalid:6443");

  private static List<JsonNode> rendered(Map<String, Object> values) {
    TemplateCommand command =
        CHART.template().withName("any").withNamespace("kube-system").withKubeVersion("1.34.0");
    values.forEach(command::set);
    return Documents.parse(command.call());
  }

  /** By kind, and the configuration's text as what it says: Helm sorts the keys in it. */
  private static List<JsonNode> comparable(List<JsonNode> objects) {
    List<JsonNode> copies = new ArrayList<>();
    for (JsonNode object : objects) {
      JsonNode copy = object.deepCopy();
      if (copy.path("data") instanceof ObjectNode data) {
        data.fieldNames()
            .forEachRemaining(
                name -> data.set(name, Documents.parse(data.path(name).asText()).get(0)));
      }
      copies.add(copy);
    }
    copies.sort(Comparator.comparing(copy -> copy.path("kind").asText()));
    return copies;
  }

  private static JsonNode ofKind(String kind, List<JsonNode> objects) {
    return objects.stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void byDefaultItMakesTheManifests() {
    assertThat(comparable(rendered(ADDRESS)))
        .isEqualTo(comparable(ManifestsTest.objects("manifests")));
  }

  @Test
  void withTheConfigMapOfKubeadmItMakesTheOverlay() {
    assertThat(comparable(rendered(Map.of("existingConfigMap", "kube-proxy"))))
        .isEqualTo(comparable(ManifestsTest.objects("overlays/kubeadm")));
  }

  @Test
  void whatIsSetIsInTheObjectsAndTheseAreOfTheApi() {
    List<JsonNode> objects =
        rendered(
            Map.of(
                "apiServer", "https://10.0.0.1:6443",
                "image.repository", "registry.example/kube-ipvs",
                "image.tag", "v7",
                "imagePullSecrets[0].name", "pull",
                "extraArgs[0]", "--metrics-detail-limit=10",
                "podAnnotations.team", "net",
                "config.clusterCIDR", "10.244.0.0/16",
                "resources.limits.memory", "256Mi"));
    assertThat(objects).allSatisfy(ApiModel::of);
    JsonNode daemonSet = ofKind("DaemonSet", objects);
    assertThat(Kustomization.images(daemonSet))
        .containsExactly("registry.example/kube-ipvs:v7", "registry.example/kube-ipvs:v7");
    JsonNode pod = daemonSet.at("/spec/template/spec");
    assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("pull");
    assertThat(pod.at("/containers/0/args").toString()).contains("--metrics-detail-limit=10");
    assertThat(pod.at("/containers/0/resources/limits/memory").asText()).isEqualTo("256Mi");
    assertThat(daemonSet.at("/spec/template/metadata/annotations/team").asText()).isEqualTo("net");
    JsonNode data = ofKind("ConfigMap", objects).path("data");
    assertThat(data.path("config.conf").asText()).contains("\nclusterCIDR: 10.244.0.0/16\n");
    assertThat(data.path("kubeconfig.conf").asText()).contains("server: https://10.0.0.1:6443\n");
  }

  @Test
  void wrongValuesAreRefusedByName() {
    assertThatThrownBy(() -> rendered(Map.of())).hasMessageContaining("apiServer");
    assertThatThrownBy(() -> rendered(Map.of("apiServer", "10.0.0.1")))
        .hasMessageContaining("apiServer");
    for (String wrong : List.of("tolerance", "image.name", "config.mode")) {
      Map<String, Object> values = Map.of("existingConfigMap", "kube-proxy", wrong, "x");
      String field = wrong.substring(wrong.indexOf('.') + 1);
      assertThatThrownBy(() -> rendered(values)).as(wrong).hasMessageContaining(field);
    }
  }

  @Test
  void helmsLintHasNothingToSay() {
    LintResult result = CHART.lint().call();
    assertThat(result.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
  }
}
