package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.inspect.SnapshotJson;
import java.io.IOException;
import picocli.CommandLine.Option;

/** {@code --output}. */
final class OutputOption {
  enum Form {
    text,
    wide,
    json,
    yaml
  }

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Form form = Form.text;

  boolean isText() {
    return form == Form.text || form == Form.wide;
  }

  /** For programs. */
  String text(Record document) throws IOException {
    return form == Form.json ? SnapshotJson.pretty(document) : SnapshotJson.yaml(document);
  }
}
