package io.kubeipvs.proxy.source.kubernetes;

import io.fabric8.kubernetes.client.internal.CertUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What TLS needs of credentials. */
final class Tls {
  private static final int DNS_NAME = 2;

  private Tls() {}

  static SSLContext context(Credentials credentials) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(credentials), trusted(credentials), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates for " + credentials.server() + ": " + e, e);
    }
  }

  private static TrustManager @Nullable [] trusted(Credentials credentials)
      throws GeneralSecurityException, IOException {
    if (credentials.insecure()) {
      return new TrustManager[] {new TrustEverybody()};
    }
    if (credentials.authorities().isEmpty()) {
      return null; // those of the Java runtime
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (Certificate certificate : certificates(credentials.authorities().get())) {
      store.setCertificateEntry("authority" + count++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509").generateCertificates(bytes(pem));
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Keys have several encodings, which the client library knows. */
  private static KeyManager @Nullable [] keys(Credentials credentials)
      throws GeneralSecurityException, IOException {
    if (credentials.client().isEmpty()) {
      return null;
    }
    Credentials.ClientKey client = credentials.client().get();
    char[] passphrase = "kube-ipvs".toCharArray(); // of a store that is never written
    String algorithm =
        certificates(client.certificate()).stream()
            .findFirst()
            .map(certificate -> certificate.getPublicKey().getAlgorithm())
            .orElse("RSA");
    KeyStore store =
        CertUtils.createKeyStore(
            bytes(client.certificate()),
            bytes(client.key()),
            algorithm,
            passphrase,
            "",
            passphrase);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, passphrase);
    return factory.getKeyManagers();
  }

  /** Empty to leave it to the runtime, which compares with the host. */
  static Optional<HostnameVerifier> verifier(Credentials credentials) {
    if (credentials.insecure()) {
      return Optional.of((host, session) -> true);
    }
    return credentials.tlsName().isEmpty()
        ? Optional.empty()
        : Optional.of((host, session) -> isFor(credentials.tlsName(), session));
  }

  private static boolean isFor(String name, SSLSession session) {
    try {
      X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names != null && names.stream().anyMatch(n -> isDnsName(n, name));
    } catch (SSLPeerUnverifiedException | GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isDnsName(List<?> alternative, String name) {
    return alternative.get(0).equals(DNS_NAME)
        && alternative.get(1) instanceof String given
        && given.equalsIgnoreCase(name);
  }

  /** {@code insecure-skip-tls-verify}. */
  private static final class TrustEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
