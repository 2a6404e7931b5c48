package io.kubeipvs.proxy.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real server and real certificates. */
class TlsTest {
  private static final char[] PASSWORD = "password".toCharArray();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static HttpsServer server;
  private static String authority;
  private static String privateKey;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-keystore",
                file.toString(),
                "-storepass",
                "password",
                "-dname",
                "CN=api",
                "-startdate",
                "-1d",
                "-validity",
                "3",
                "-ext",
                "san=ip:127.0.0.1,dns:api.example")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    Certificate certificate = keys.getCertificate("k");
    authority = pem("CERTIFICATE", certificate.getEncoded());
    Key key = keys.getKey("k", PASSWORD);
    privateKey = pem("PRIVATE KEY", key.getEncoded());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(configurator(keys));
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static HttpsConfigurator configurator(KeyStore keys) throws Exception {
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("client", keys.getCertificate("k"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return new HttpsConfigurator(context) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters tls = context.getDefaultSSLParameters();
        tls.setNeedClientAuth(true);
        parameters.setSSLParameters(tls);
      }
    };
  }

  private static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static String get(String host, Optional<String> trusted, boolean insecure, String tlsName)
      throws Exception {
    URI uri = URI.create("https://" + host + ":" + server.getAddress().getPort());
    Credentials credentials =
        new Credentials(
            uri,
            trusted,
            insecure,
            tlsName,
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Credentials.ClientKey(authority, privateKey)));
    try (InputStream body = new HttpApiServer(() -> credentials).get("/", PATIENCE)) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void bothSidesProveWhoTheyAre() throws Exception {
    assertThat(get("127.0.0.1", Optional.of(authority), false, "")).isEqualTo("hello");
  }

  @Test
  void aServerThatNoAuthorityVouchesForIsRefused() {
    assertThatThrownBy(() -> get("127.0.0.1", Optional.empty(), false, ""))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void aServerWithAnotherNameIsRefused() {
    assertThatThrownBy(() -> get("localhost", Optional.of(authority), false, ""))
        .isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> get("localhost", Optional.of(authority), false, "other.example"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theNameInTheCertificateCanBeGiven() throws Exception {
    assertThat(get("localhost", Optional.of(authority), false, "api.example")).isEqualTo("hello");
  }

  @Test
  void anyServerWillDoIfThatIsAskedFor() throws Exception {
    assertThat(get("localhost", Optional.empty(), true, "")).isEqualTo("hello");
  }
}
