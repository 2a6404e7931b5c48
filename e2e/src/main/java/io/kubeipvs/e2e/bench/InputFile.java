package io.kubeipvs.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Commands as the input of a tool: their texts, one a line. */
final class InputFile {
  private InputFile() {}

  static Path write(Path directory, List<?> commands) throws IOException {
    Path file = Files.createTempFile(directory, "input", "");
    return Files.write(file, commands.stream().map(Object::toString).toList());
  }
}
