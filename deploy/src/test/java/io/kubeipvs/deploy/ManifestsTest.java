package io.kubeipvs.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetSpec;
import io.kubeipvs.proxy.config.ConfigException;
import io.kubeipvs.proxy.config.ConfigFile;
import io.kubeipvs.proxy.source.kubernetes.AccessException;
import io.kubeipvs.proxy.source.kubernetes.ApiAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final String BASE = "manifests";
  private static final String KUBEADM = "overlays/kubeadm";

  static List<JsonNode> objects(String directory) {
    return Kustomization.build(Documents.file(directory));
  }

  private static ObjectNode object(String directory, String kind) {
    return objects(directory).stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .map(ObjectNode.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static DaemonSetSpec daemonSet(String directory) {
    return ((DaemonSet) ApiModel.of(object(directory, "DaemonSet"))).getSpec();
  }

  private static PodSpec pod(String directory) {
    return daemonSet(directory).getTemplate().getSpec();
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, KUBEADM})
  void everyObjectIsOneOfTheApi(String directory) {
    assertThat(objects(directory)).isNotEmpty().allSatisfy(ApiModel::of);
  }

  @Test
  void everyFileIsAResource() throws IOException {
    try (Stream<Path> files = Files.list(Documents.file(BASE))) {
      long documents =
          files
              .filter(file -> !file.endsWith("kustomization.yaml"))
              .mapToLong(file -> Documents.read(file).size())
              .sum();
      assertThat(objects(BASE)).hasSize((int) documents);
    }
  }

  @Test
  void whatTheApiDoesNotKnowIsRefused() {
    ObjectNode unknown = object(BASE, "DaemonSet");
    ((ObjectNode) unknown.at("/spec/template/spec")).put("hostNetworks", true);
    assertThatThrownBy(() -> ApiModel.of(unknown)).hasMessageContaining("hostNetworks");

    ObjectNode wrongType = object(BASE, "DaemonSet");
    ((ObjectNode) wrongType.at("/spec/template/spec")).put("hostNetwork", "yes");
    assertThatThrownBy(() -> ApiModel.of(wrongType)).hasMessageContaining("hostNetwork");

    ObjectNode missing = object(BASE, "DaemonSet");
    ((ObjectNode) missing.at("/spec")).remove("selector");
    assertThatThrownBy(() -> ApiModel.of(missing)).hasMessageContaining("selector");

    ObjectNode version = object(BASE, "DaemonSet").put("apiVersion", "apps/v1beta1");
    assertThatThrownBy(() -> ApiModel.of(version)).hasMessageContaining("apps/v1beta1");
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, KUBEADM})
  void whatIsNamedIsThere(String directory) {
    DaemonSetSpec spec = daemonSet(directory);
    assertThat(spec.getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(spec.getSelector().getMatchLabels());
    PodSpec pod = spec.getTemplate().getSpec();
    assertThat(object(directory, "ServiceAccount").at("/metadata/name").asText())
        .isEqualTo(pod.getServiceAccountName())
        .isEqualTo(object(directory, "ClusterRoleBinding").at("/subjects/0/name").asText());
    List<String> mounted = new ArrayList<>();
    for (Container container : containers(pod)) {
      container.getVolumeMounts().stream().map(VolumeMount::getName).forEach(mounted::add);
    }
    assertThat(pod.getVolumes()).extracting(Volume::getName).hasSameElementsAs(mounted);
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, KUBEADM})
  void nothingIsPrivilegedAndTheRootIsReadOnly(String directory) {
    PodSpec pod = pod(directory);
    for (Container container : containers(pod)) {
      SecurityContext context = container.getSecurityContext();
      assertThat(context.getPrivileged()).isNull();
      assertThat(context.getReadOnlyRootFilesystem()).isTrue();
      assertThat(context.getAllowPrivilegeEscalation()).isFalse();
      assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    }
    assertThat(added(pod.getInitContainers()))
        .containsExactly("NET_ADMIN", "NET_RAW", "SYS_MODULE");
    assertThat(added(pod.getContainers())).containsExactly("NET_ADMIN", "NET_RAW");
  }

  private static List<String> added(List<Container> containers) {
    return containers.stream()
        .flatMap(container -> container.getSecurityContext().getCapabilities().getAdd().stream())
        .toList();
  }

  private static List<Container> containers(PodSpec pod) {
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()).toList();
  }

  @Test
  void ofTheOverlayOnlyTheConfigurationIsAnother() {
    List<JsonNode> expected = new ArrayList<>(objects(BASE));
    expected.removeIf(object -> object.path("kind").asText().equals("ConfigMap"));
    for (JsonNode object : expected) {
      if (object.at("/spec/template/spec/volumes/0/configMap") instanceof ObjectNode config) {
        config.put("name", "kube-proxy");
      }
    }
    assertThat(objects(KUBEADM)).isEqualTo(expected);
  }

  @Test
  void theConfigurationIsUnderstood(@TempDir Path scratch) throws IOException, ConfigException {
    JsonNode data = object(BASE, "ConfigMap").path("data");
    Path file = Files.writeString(scratch.resolve("conf"), data.path("config.conf").asText());
    ConfigFile config = ConfigFile.read(file);
    assertThat(config.unknown()).isEmpty();
    assertThat(config.values())
        .containsEntry("mode", "ipvs")
        .containsEntry("clientConnection.kubeconfig", "/var/lib/kube-proxy/kubeconfig.conf");
  }

  @Test
  void theKubeconfigIsUnderstood(@TempDir Path scratch) throws IOException, AccessException {
    JsonNode data = object(BASE, "ConfigMap").path("data");
    String text = data.path("kubeconfig.conf").asText();
    for (String name : List.of("ca.crt", "token")) {
      Path there = Files.writeString(scratch.resolve(name), "text\n");
      text = text.replace(ApiAccess.SERVICE_ACCOUNT.resolve(name).toString(), there.toString());
    }
    Path file = Files.writeString(scratch.resolve("kubeconfig.conf"), text);
    assertThat(ApiAccess.choose(file.toString(), "", Map.of()).read()).isNotNull();
  }
}
