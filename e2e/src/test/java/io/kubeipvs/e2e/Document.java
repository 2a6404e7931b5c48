package io.kubeipvs.e2e;

import io.kubeipvs.proxy.source.Field;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.source.Problems;
import io.kubeipvs.proxy.source.UnreadableYamlException;
import io.kubeipvs.proxy.source.YamlDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** YAML and JSON to look into; what is not as thought fails at once. */
final class Document {
  private Document() {}

  static List<Field> all(Path file) {
    try {
      return all(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Field only(Path file) {
    List<Field> documents = all(file);
    if (documents.size() != 1) {
      throw new IllegalArgumentException(file + " has " + documents.size() + " documents");
    }
    return documents.get(0);
  }

  static List<Field> all(String text) {
    List<Field> documents = new ArrayList<>();
    try {
      YamlDocuments reader = new YamlDocuments(text);
      for (Optional<YamlDocuments.Document> next = reader.next();
          next.isPresent();
          next = reader.next()) {
        Object root = Objects.requireNonNull(next.get().root());
        documents.add(Field.root(root, new Problems("document", "", new Strict())));
      }
      return documents;
    } catch (UnreadableYamlException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The first one of that kind. */
  static Field ofKind(String kind, List<Field> documents) {
    return documents.stream()
        .filter(document -> text(document.get("kind")).equals(kind))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + kind));
  }

  /** A text that has to be there. */
  static String text(Field field) {
    return field.requiredText().orElseThrow();
  }

  static List<String> texts(Field list) {
    return list.items().stream().map(Document::text).toList();
  }

  private static final class Strict extends AbstractList<Problem> {
    @Override
    public boolean add(Problem problem) {
      throw new IllegalArgumentException(problem.toString());
    }

    @Override
    public Problem get(int index) {
      throw new IndexOutOfBoundsException(index);
    }

    @Override
    public int size() {
      return 0;
    }
  }
}
