package io.kubeipvs.ipset;

/** Headers that differ from others in one thing. */
final class TestHeaders {
  private TestHeaders() {}

  static SetHeader withExtensions(SetHeader header, int extensions) {
    return new SetHeader(
        header.name(),
        header.typeName(),
        header.revision(),
        header.family(),
        header.maximumElements(),
        header.firstPort(),
        header.lastPort(),
        extensions,
        header.timeoutSeconds(),
        header.references(),
        header.elements());
  }
}
