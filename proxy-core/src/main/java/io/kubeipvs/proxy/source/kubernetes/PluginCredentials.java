package io.kubeipvs.proxy.source.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Asks the program that a kubeconfig names for credentials. */
final class PluginCredentials {
  private PluginCredentials() {}

  static Credentials complete(Credentials credentials, Path file) throws AccessException {
    Config config;
    try {
      config = Config.fromKubeconfig(file.toFile());
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new AccessException(file + ": the program that is to give credentials: " + e);
    }
    Optional<String> token = Optional.ofNullable(config.getAutoOAuthToken());
    Optional<Credentials.ClientKey> client = client(config).or(credentials::client);
    if (token.isEmpty() && client.isEmpty()) {
      throw new AccessException(file + ": the program that is to give credentials gave none");
    }
    return new Credentials(
        credentials.server(),
        credentials.authorities(),
        credentials.insecure(),
        credentials.tlsName(),
        token,
        Optional.empty(),
        client);
  }

  private static Optional<Credentials.ClientKey> client(Config config) {
    return decoded(config.getClientCertData())
        .flatMap(
            certificate ->
                decoded(config.getClientKeyData())
                    .map(key -> new Credentials.ClientKey(certificate, key)));
  }

  private static Optional<String> decoded(String data) {
    return Optional.ofNullable(data)
        .map(given -> new String(Base64.getMimeDecoder().decode(given), StandardCharsets.UTF_8));
  }
}
