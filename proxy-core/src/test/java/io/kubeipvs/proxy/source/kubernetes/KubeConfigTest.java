package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeConfigTest {
  /** As kubeadm writes it for kube-proxy. */
  private static final String KUBEADM =
      """
      apiVersion: v1
      kind: Config
      clusters:
      - cluster:
          certificate-authority: ca.crt
          server: https://control-plane.example:6443
        name: default
      contexts:
      - context:
          cluster: default
          namespace: default
          user: default
        name: default
      current-context: default
      users:
      - name: default
        user:
          tokenFile: token
      """;

  private final Path directory;
  private final Path file;

  KubeConfigTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.file = directory.resolve("kubeconfig.conf");
    Files.writeString(directory.resolve("ca.crt"), "the authority\n");
    Files.writeString(directory.resolve("token"), "secret\n");
  }

  private Credentials read(String text) throws Exception {
    Files.writeString(file, text);
    return KubeConfig.read(file);
  }

  @Test
  void theOneOfKubeadmIsRead() throws Exception {
    Credentials credentials = read(KUBEADM);
    assertThat(credentials)
        .isEqualTo(
            new Credentials(
                URI.create("https://control-plane.example:6443"),
                Optional.of("the authority\n"),
                false,
                "",
                Optional.empty(),
                Optional.of(directory.resolve("token")),
                Optional.empty()));
    assertThat(credentials.bearer()).contains("secret");
  }

  @Test
  void dataGoesBeforeFiles() throws Exception {
    String text =
        KUBEADM
            .replace(
                "certificate-authority: ca.crt", "certificate-authority-data: " + base64("inline"))
            .replace(
                "tokenFile: token",
                "{client-certificate-data: %s, client-key-data: %s}"
                    .formatted(base64("certificate"), base64("key")));
    Credentials credentials = read(text);
    assertThat(credentials.authorities()).contains("inline");
    assertThat(credentials.client()).contains(new Credentials.ClientKey("certificate", "key"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void secretsDoNotShow() throws Exception {
    Credentials credentials = read(KUBEADM.replace("tokenFile: token", "token: hunter2"));
    assertThat(credentials.bearer()).contains("hunter2");
    assertThat(credentials.toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          current-context: default | current-context: other | contexts: has none of the name 'other'
          current-context: default | x: y                   | [current-context]: is missing
          cluster: default         | cluster: 7             | contexts[0].context.cluster: 7 is not a text
          server: https            | server: gopher         | server: 'gopher://control-plane.example:6443' is not like https://10.0.0.1:6443
          server: https            | serve: https           | clusters[0].cluster.server: is missing
          tokenFile: token         | username: bob          | users[0].user.username: is not supported
          tokenFile: token         | client-key: token      | users[0].user[client-key]: and client-certificate need each other
          name: default            | : [                    | not YAML
          """)
  void whatIsWrongIsNamedWithItsPlace(String from, String to, String message) {
    String text = KUBEADM.replaceFirst(from, to);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> KubeConfig.read(directory.resolve("none")))
        .hasMessageContaining("none cannot be read");
    assertThatThrownBy(() -> read(KUBEADM.replace("ca.crt", "gone.crt")))
        .hasMessageContaining("gone.crt cannot be read");
  }

  @Test
  void aProgramIsAskedForCredentials() throws Exception {
    String answer =
        "{\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\",\\\"kind\\\":\\\"ExecCredential\\\","
            + "\\\"status\\\":{\\\"token\\\":\\\"given\\\"}}";
    String exec =
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: echo, args: [\"%s\"],"
            + " interactiveMode: Never}";
    Credentials credentials =
        read(
            KUBEADM
                .replace("tokenFile: token", exec.formatted(answer))
                .replace("      certificate-authority: ca.crt\n", ""));
    assertThat(credentials.bearer()).contains("given");
  }

  @Test
  void theAddressOnTheCommandLineGoesFirst() throws Exception {
    Files.writeString(file, KUBEADM);
    ApiAccess access = ApiAccess.choose(file.toString(), "https://192.0.2.9:443/", Map.of());
    assertThat(access.read().server()).isEqualTo(URI.create("https://192.0.2.9:443"));
    assertThat(access.read().tokenFile()).contains(directory.resolve("token"));
  }

  @Test
  void aPodFindsEverythingWhereKubeletPutsIt() throws Exception {
    Credentials credentials =
        ApiAccess.inCluster(
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"),
            directory);
    assertThat(credentials.server()).isEqualTo(URI.create("https://[fd00::1]:443"));
    assertThat(credentials.authorities()).contains("the authority\n");
    assertThat(credentials.bearer()).contains("secret");
  }

  @Test
  void outsideOfAPodItIsSaidWhatToDo() {
    assertThatThrownBy(() -> ApiAccess.choose("", "", Map.of()))
        .hasMessageContaining("--kubeconfig FILE")
        .hasMessageContaining("--manifests DIR");
  }

  @Test
  void anEmptyTokenFileIsAFailureAndNotAnAnonymousRequest() throws Exception {
    Credentials credentials = read(KUBEADM);
    Files.writeString(directory.resolve("token"), "");
    assertThatThrownBy(credentials::bearer).hasMessageContaining("is empty");
  }
}
