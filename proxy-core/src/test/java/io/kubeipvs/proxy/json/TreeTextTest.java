package io.kubeipvs.proxy.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class TreeTextTest {
  private static final List<String> WORDS =
      List.of(
          "",
          "no",
          "plain words (and more)",
          "/a/path.d",
          "ends in a blank ",
          "a: b",
          "- x",
          "#",
          "\"quoted\"",
          "back\\slash",
          "line\nbreak",
          "é",
          "null",
          "1");

  private final Random random = new Random(7);

  @Test
  void whateverIsWrittenIsReadBack() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      Object tree = map(4);
      assertThat(yaml(TreeText.document(tree))).isEqualTo(tree);
      assertThat(JsonValue.parse(TreeText.json(tree)).tree()).isEqualTo(tree);
      assertThat(JsonValue.parse(TreeText.line(tree)).tree()).isEqualTo(tree);
      assertThat(TreeText.line(tree)).doesNotContain("\n");
    }
  }

  private static @Nullable Object yaml(String text) {
    return widened(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  /** Its reader makes numbers as small as they fit. */
  private static @Nullable Object widened(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      map.forEach((name, member) -> members.put(String.valueOf(name), widened(member)));
      return members;
    }
    if (tree instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(widened(item)));
      return items;
    }
    return tree instanceof Integer number ? (Object) number.longValue() : tree;
  }

  private Map<String, @Nullable Object> map(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(word() + i, any(depth - 1));
    }
    return map;
  }

  private List<@Nullable Object> list(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(any(depth - 1));
    }
    return list;
  }

  private @Nullable Object any(int depth) {
    return switch (random.nextInt(depth <= 0 ? 4 : 6)) {
      case 0 -> word();
      case 1 -> random.nextLong();
      case 2 -> random.nextBoolean();
      case 3 -> null;
      case 4 -> map(depth);
      default -> list(depth);
    };
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }
}
