package io.kubeipvs.proxy.source.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Answers requests; the seam between what is asked and how it travels. */
interface ApiServer {
  /**
   * The body of a successful answer, to be read as it comes and to be closed.
   *
   * @param path with its query
   * @param silence how long the server may send nothing before reading fails with a {@link
   *     java.net.SocketTimeoutException}
   * @throws ApiRefusedException when the server answers that it will not
   * @throws IOException when it cannot be reached
   */
  InputStream get(String path, Duration silence) throws IOException;

  /**
   * Sends an object, and waits until the server has taken it.
   *
   * @param method {@code POST} or {@code PUT}
   * @throws ApiRefusedException when the server answers that it will not
   * @throws IOException when it cannot be reached
   */
  void send(String method, String path, byte[] object) throws IOException;

  /** Reads the credentials again: they may have been exchanged since. */
  void renewCredentials();

  /** Where it is, for people. */
  String name();

  /** Its host and port. */
  String host();
}
