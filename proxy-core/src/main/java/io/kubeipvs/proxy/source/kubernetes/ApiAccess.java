package io.kubeipvs.proxy.source.kubernetes;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** How to reach the API server: can be read again and again, since credentials change. */
@FunctionalInterface
public interface ApiAccess {
  /** Where kubelet puts what a pod needs to know. */
  Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  Credentials read() throws AccessException;

  /**
   * As kube-proxy chooses: a kubeconfig, or the address alone, or as a pod.
   *
   * @param kubeconfig empty for none
   * @param master goes before the address in the kubeconfig; empty for none
   * @throws AccessException when it is wrong already
   */
  static ApiAccess choose(String kubeconfig, String master, Map<String, String> environment)
      throws AccessException {
    ApiAccess access = chosen(kubeconfig, master, environment);
    access.read();
    return access;
  }

  private static ApiAccess chosen(String kubeconfig, String master, Map<String, String> environment)
      throws AccessException {
    Optional<URI> address =
        master.isEmpty() ? Optional.empty() : Optional.of(server("--master", master));
    if (kubeconfig.isEmpty()) {
      return address
          .<ApiAccess>map(uri -> () -> Credentials.anonymous(uri))
          .orElse(() -> inCluster(environment, SERVICE_ACCOUNT));
    }
    Path file = Path.of(kubeconfig);
    return () -> {
      Credentials credentials = KubeConfig.read(file);
      return address.map(credentials::withServer).orElse(credentials);
    };
  }

  /** As a pod: kubelet gives address, token and certificate. */
  static Credentials inCluster(Map<String, String> environment, Path serviceAccount)
      throws AccessException {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
    if (host.isEmpty() || port.isEmpty()) {
      throw new AccessException(
          "no API server: this is no pod (KUBERNETES_SERVICE_HOST is not set), so say --kubeconfig"
              + " FILE, --master URL, or --manifests DIR");
    }
    Path token = serviceAccount.resolve("token");
    if (!Files.isReadable(token)) {
      throw new AccessException(token + " cannot be read: the pod needs its service account");
    }
    Path authorities = serviceAccount.resolve("ca.crt");
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return new Credentials(
        server("KUBERNETES_SERVICE_HOST", "https://" + bracketed + ":" + port),
        Files.exists(authorities) ? Optional.of(KubeConfig.text(authorities)) : Optional.empty(),
        false,
        "",
        Optional.empty(),
        Optional.of(token),
        Optional.empty());
  }

  /**
   * An address like {@code https://10.0.0.1:6443}; without a scheme it is http, as in client-go.
   */
  static URI server(String place, String text) throws AccessException {
    String complete = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = new URI(complete.replaceAll("/+$", ""));
      if (uri.getHost() != null && (isScheme(uri, "https") || isScheme(uri, "http"))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new AccessException(place + ": '" + text + "' is no address: " + e.getReason());
    }
    throw new AccessException(place + ": '" + text + "' is not like https://10.0.0.1:6443");
  }

  private static boolean isScheme(URI uri, String scheme) {
    return scheme.equalsIgnoreCase(uri.getScheme());
  }
}
