package io.kubeipvs.proxy.source.kubernetes;

import io.kubeipvs.proxy.source.Field;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.Problems;
import io.kubeipvs.proxy.source.UnreadableYamlException;
import io.kubeipvs.proxy.source.YamlDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A kubeconfig file, as kubeadm and others write it. The few that name a program to ask for
 * credentials are left to the client library, which takes a while and much memory to load.
 */
final class KubeConfig {
  private static final List<String> PLUGINS = List.of("exec", "auth-provider");

  private final Path file;
  private final Field root;
  private final List<Problem> problems;

  private KubeConfig(Path file, Object document) {
    this.file = file;
    this.problems = new ArrayList<>();
    this.root = Field.root(document, new Problems(file.toString(), "", problems));
  }

  static Credentials read(Path file) throws AccessException {
    try {
      Object document =
          new YamlDocuments(text(file))
              .next()
              .flatMap(read -> Optional.ofNullable(read.root()))
              .orElseThrow(() -> new AccessException(file + ": is empty"));
      return new KubeConfig(file, document).credentials();
    } catch (UnreadableYamlException e) {
      throw new AccessException(file + ": not YAML: " + e.getMessage());
    }
  }

  static String text(Path file) throws AccessException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AccessException(file + " cannot be read: " + e);
    }
  }

  private Credentials credentials() throws AccessException {
    String contextName = root.get("current-context").requiredText().orElse("");
    failIfWrong();
    Field context = named("contexts", contextName).get("context");
    Field cluster = named("clusters", text(context.get("cluster"))).get("cluster");
    Optional<String> userName = context.get("user").text().filter(name -> !name.isEmpty());
    Field user =
        userName.isPresent() ? named("users", userName.get()).get("user") : context.get("user");
    String server = cluster.get("server").requiredText().orElse("");
    failIfWrong();
    Credentials credentials =
        new Credentials(
            ApiAccess.server(file + ": server", server),
            pem(cluster, "certificate-authority"),
            cluster.get("insecure-skip-tls-verify").flag(false),
            cluster.get("tls-server-name").text().orElse(""),
            user.get("token").text(),
            user.get("tokenFile").text().map(this::beside),
            clientKey(user));
    refuse(cluster.get("proxy-url"));
    refuse(user.get("username"));
    refuse(user.get("as"));
    failIfWrong();
    boolean plugin = PLUGINS.stream().anyMatch(name -> user.get(name).isPresent());
    return plugin ? PluginCredentials.complete(credentials, file) : credentials;
  }

  private static void refuse(Field field) {
    if (field.isPresent() && !"".equals(field.value())) {
      field.refuse("is not supported");
    }
  }

  private Optional<Credentials.ClientKey> clientKey(Field user) throws AccessException {
    Optional<String> certificate = pem(user, "client-certificate");
    Optional<String> key = pem(user, "client-key");
    if (certificate.isPresent() != key.isPresent()) {
      user.get("client-key").refuse("and client-certificate need each other");
    }
    return certificate.flatMap(c -> key.map(k -> new Credentials.ClientKey(c, k)));
  }

  private String text(Field field) throws AccessException {
    String text = field.requiredText().orElse("");
    failIfWrong();
    return text;
  }

  private Field named(String list, String name) throws AccessException {
    for (Field item : root.get(list).items()) {
      if (item.get("name").text().equals(Optional.of(name))) {
        return item;
      }
    }
    root.get(list).refuse("has none of the name '" + name + "'");
    failIfWrong();
    throw new IllegalStateException("refused");
  }

  /** As text in the file itself, which goes first, or in a file of its own. */
  private Optional<String> pem(Field parent, String name) throws AccessException {
    Field data = parent.get(name + "-data");
    Optional<String> encoded = data.text().filter(text -> !text.isEmpty());
    if (encoded.isPresent()) {
      try {
        byte[] decoded = Base64.getMimeDecoder().decode(encoded.get());
        return Optional.of(new String(decoded, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        data.refuse("is not base64");
        return Optional.empty();
      }
    }
    Optional<String> path = parent.get(name).text().filter(text -> !text.isEmpty());
    return path.isPresent() ? Optional.of(text(beside(path.get()))) : Optional.empty();
  }

  /** Paths are relative to the kubeconfig. */
  private Path beside(String path) {
    return file.toAbsolutePath().resolveSibling(path);
  }

  private void failIfWrong() throws AccessException {
    if (!problems.isEmpty()) {
      throw new AccessException(problems.get(0).toString());
    }
  }
}
