package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigFieldsTest {
  /** Tests run in their module, or in the directory above. */
  static List<String> documentation() throws IOException {
    Path inModule = Path.of("..", "docs", "configuration.md");
    return Files.readAllLines(
        Files.exists(inModule) ? inModule : Path.of("docs", "configuration.md"));
  }

  @Test
  void everyFieldIsInTheDocumentationAsItIsAndNoOther() throws IOException {
    List<String> rows =
        documentation().stream().filter(line -> line.matches("\\| `[a-zA-Z0-9.]+` \\|.*")).toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            ConfigFields.ALL.stream().map(ConfigField::documentation).toList());
  }

  @Test
  void everyIgnoredFlagIsInTheDocumentation() throws IOException {
    String text = String.join("\n", documentation());
    assertThat(ConfigFields.IGNORED_FLAGS).allMatch(flag -> text.contains("`" + flag + "`"));
  }

  @Test
  void whatIsIgnoredHasAReason() {
    assertThat(ConfigFields.ALL)
        .filteredOn(field -> !field.isHonoured())
        .allMatch(field -> !field.note().isEmpty());
  }

  @Test
  void whatIsHonouredHasAFlag() {
    assertThat(ConfigFields.ALL)
        .filteredOn(ConfigField::isHonoured)
        .allMatch(field -> field.flag().startsWith("--"));
  }
}
