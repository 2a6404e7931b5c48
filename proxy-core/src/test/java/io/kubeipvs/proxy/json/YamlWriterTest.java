package io.kubeipvs.proxy.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class YamlWriterTest {
  @Test
  void objectsAndListsBecomeBlocks() throws IOException {
    assertThat(
            yaml(
                """
                {"name": "web", "ports": [{"port": 80, "names": ["a", "b"]}, {"port": 81}],
                 "empty": {}, "none": [], "lists": [[1, 2], []], "there": true, "not": null}
                """))
        .isEqualTo(
            """
            name: web
            ports:
            - port: 80
              names:
              - a
              - b
            - port: 81
            empty: {}
            none: []
            lists:
            - - 1
              - 2
            - []
            there: true
            not: null
            """);
  }

  /** One escape for one character: readers refuse halves of two. */
  @Test
  void charactersOfTwoHalvesStayWhole() throws IOException {
    assertThat(yaml("[\"a: \\ud83d\\ude00\"]")).isEqualTo("- \"a: \\U0001f600\"\n");
  }

  /** A reader must get the text it was, not a number, a date, a comment or a line of its own. */
  @Test
  void textsThatCouldBeSomethingElseAreQuoted() throws IOException {
    assertThat(
            yaml(
                """
                ["10", "true", "No", "", "a: b", "a #b", "-", "x ", "2026-01-01", "a\\nb", "\\u0007"]
                """))
        .isEqualTo(
            """
            - "10"
            - "true"
            - "No"
            - ""
            - "a: b"
            - "a #b"
            - "-"
            - "x "
            - "2026-01-01"
            - "a\\nb"
            - "\\u0007"
            """);
  }

  private static String yaml(String json) throws IOException {
    StringBuilder out = new StringBuilder();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      new YamlWriter(parser, out).write();
    }
    return out.toString();
  }
}
