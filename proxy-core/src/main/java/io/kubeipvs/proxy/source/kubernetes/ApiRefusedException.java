package io.kubeipvs.proxy.source.kubernetes;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The API server answered with something other than success. */
final class ApiRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;

  /** The version asked for is older than what the server still has. */
  static final int GONE = 410;

  private static final int TOO_MANY_REQUESTS = 429;

  private final int status;

  @SuppressWarnings("serial") // never serialised
  private final Optional<Duration> retryAfter;

  ApiRefusedException(int status, String message, Optional<Duration> retryAfter) {
    super(status + (message.isEmpty() ? "" : ": " + message));
    this.status = status;
    this.retryAfter = retryAfter;
  }

  int status() {
    return status;
  }

  /** How long the server wants to be left alone. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  boolean isGone() {
    return status == GONE;
  }

  /** Whether the same may well be granted a while later. */
  boolean isPassing() {
    return status >= 500 || status == TOO_MANY_REQUESTS || status == UNAUTHORIZED;
  }

  /** Whether asking again cannot help before somebody changes something. */
  boolean isFinal() {
    return status == UNAUTHORIZED || status == FORBIDDEN || status == NOT_FOUND;
  }
}
