package io.kubeipvs.proxy.source;

import io.kubeipvs.net.Protocol;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The fields that ports of Services and of EndpointSlices have in common. */
final class PortFields {
  private static final Pattern NAME = Pattern.compile("|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** A service name of IANA: at most 15, with a letter, hyphens single and inside. */
  private static final Pattern TARGET =
      Pattern.compile("(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");

  private PortFields() {}

  static OptionalInt required(Field field) {
    if (!field.isPresent()) {
      field.refuse("is missing");
    }
    return field.integer(1, 0xffff);
  }

  /** Which port of a pod it is has been decided by who made the slices; here it is only checked. */
  static void checkTarget(Field field) {
    if (!(field.value() instanceof String name)) {
      field.integer(1, 0xffff);
    } else if (!TARGET.matcher(name).matches()) {
      field.refuse(Shown.of(name) + " is neither a port nor the name of one");
    }
  }

  static Optional<String> name(Field port) {
    Field field = port.get("name");
    Optional<String> text = field.isPresent() ? field.text() : Optional.of("");
    if (text.isPresent() && !NAME.matcher(text.get()).matches()) {
      field.refuse(Shown.of(text.get()) + " is not a DNS label");
      return Optional.empty();
    }
    return text.map(String::intern);
  }

  static Optional<Protocol> protocol(Field port) {
    Field field = port.get("protocol");
    if (!field.isPresent()) {
      return Optional.of(Protocol.TCP);
    }
    Optional<String> text = field.text();
    Optional<Protocol> protocol = text.flatMap(Protocol::ofName);
    if (text.isPresent() && protocol.isEmpty()) {
      field.refuse(Shown.of(text.get()) + " is none of TCP, UDP, SCTP");
    }
    return protocol;
  }
}
