package io.kubeipvs.proxy.source;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code metadata} of an object, as far as it is of use here.
 *
 * @param object the object itself, its problems reported under its kind and name
 */
record ObjectMeta(Field object, String namespace, String name) {
  /** A DNS label, or several with dots between them. */
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final int LABEL_LIMIT = 63;
  private static final int NAME_LIMIT = 253;

  private static final List<String> NOT_FOR_US =
      List.of("service.kubernetes.io/headless", "service.kubernetes.io/service-proxy-name");

  /** Of an object in a namespace; {@code default} when it names none, as kubectl would have it. */
  static Optional<ObjectMeta> namespaced(String kind, Field object) {
    Field meta = object.get("metadata");
    Field namespaceField = meta.get("namespace");
    Optional<String> namespace =
        namespaceField.isPresent() ? name(namespaceField, LABEL_LIMIT) : Optional.of("default");
    Optional<String> name =
        name(meta.get("name"), kind.equals("Service") ? LABEL_LIMIT : NAME_LIMIT);
    if (namespace.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    Field named = object.as(kind + " " + namespace.get() + "/" + name.get());
    return Optional.of(new ObjectMeta(named, namespace.get(), name.get()));
  }

  /** Of an object that is in no namespace. */
  static Optional<ObjectMeta> clusterWide(String kind, Field object) {
    return name(object.get("metadata").get("name"), NAME_LIMIT)
        .map(name -> new ObjectMeta(object.as(kind + " " + name), "", name));
  }

  /** The name of a Service, wherever it stands. */
  static Optional<String> serviceName(Field field) {
    return name(field, LABEL_LIMIT);
  }

  private static Optional<String> name(Field field, int limit) {
    Optional<String> text = field.requiredText();
    if (text.isEmpty()) {
      return text;
    }
    String name = text.get();
    boolean dotted = limit == NAME_LIMIT;
    if (name.length() > limit || !NAME.matcher(name).matches() || (!dotted && name.contains("."))) {
      field.refuse(Shown.of(name) + " is not a DNS " + (dotted ? "name" : "label"));
      return Optional.empty();
    }
    return text;
  }

  /** Labels that leave the object to somebody else; their values do not matter. */
  boolean isForAnotherProxy() {
    List<String> labels = object.get("metadata").get("labels").names();
    return NOT_FOR_US.stream().anyMatch(labels::contains);
  }

  Field label(String key) {
    return object.get("metadata").get("labels").get(key);
  }

  Field annotations() {
    return object.get("metadata").get("annotations");
  }

  String text(String member) {
    return object.get("metadata").get(member).text().orElse("");
  }

  /** {@code resourceVersion}: short, of which there may be many; 0 where it is no number. */
  long version() {
    try {
      return Long.parseLong(text("resourceVersion"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** {@link Instant#EPOCH} when not given, as in manifests that no API server ever saw. */
  Instant created() {
    return time(object.get("metadata").get("creationTimestamp"));
  }

  /** {@link Instant#EPOCH} when it is not given. */
  Instant time(Field field) {
    Optional<String> text = field.text();
    if (text.isEmpty()) {
      return Instant.EPOCH;
    }
    try {
      return Instant.parse(text.get());
    } catch (DateTimeParseException e) {
      field.refuse(Shown.of(text.get()) + " is not a time like 2026-01-31T12:00:00Z");
      return Instant.EPOCH;
    }
  }
}
