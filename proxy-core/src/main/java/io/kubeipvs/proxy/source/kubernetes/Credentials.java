package io.kubeipvs.proxy.source.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the API server is, how it proves who it is, and how we do.
 *
 * @param authorities certificates in PEM that the server's is checked with; empty for those of the
 *     Java runtime
 * @param insecure whether any certificate will do
 * @param tlsName the name in the server's certificate; empty for the host's
 * @param tokenFile read for each request, because kubelet exchanges its contents
 * @param client a certificate and its key, both in PEM
 */
record Credentials(
    URI server,
    Optional<String> authorities,
    boolean insecure,
    String tlsName,
    Optional<String> token,
    Optional<Path> tokenFile,
    Optional<ClientKey> client) {

  /** Both in PEM. */
  record ClientKey(String certificate, String key) {
    /** A key is nothing for a log. */
    @Override
    public String toString() {
      return "ClientKey";
    }
  }

  /** Nothing but the address. */
  static Credentials anonymous(URI server) {
    return new Credentials(
        server, Optional.empty(), false, "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  Credentials withServer(URI other) {
    return new Credentials(other, authorities, insecure, tlsName, token, tokenFile, client);
  }

  /** What to send as a bearer token now. As in client-go a file goes before a token. */
  Optional<String> bearer() throws IOException {
    if (tokenFile.isEmpty()) {
      return token;
    }
    String read = Files.readString(tokenFile.get()).strip();
    if (read.isEmpty()) {
      throw new IOException(tokenFile.get() + " is empty");
    }
    return Optional.of(read);
  }

  /** Tokens are nothing for a log. */
  @Override
  public String toString() {
    return "Credentials for " + server;
  }
}
