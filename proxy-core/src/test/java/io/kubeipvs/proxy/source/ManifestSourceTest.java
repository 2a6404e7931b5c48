package io.kubeipvs.proxy.source;

import static io.kubeipvs.proxy.source.ManifestDirectoryTest.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestSourceTest {
  /** Longer than any test: what is heard was told by the kernel. */
  private static final Duration NEVER = Duration.ofMinutes(10);

  private final Path parent;

  ManifestSourceTest(@TempDir Path parent) {
    this.parent = parent;
  }

  private static String slice(String name, int endpoints) {
    StringBuilder text =
        new StringBuilder("{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice,");
    text.append(" metadata: {name: ").append(name);
    text.append(", labels: {kubernetes.io/service-name: web}}, addressType: IPv4, endpoints: [");
    for (int i = 1; i <= endpoints; i++) {
      text.append("{addresses: [10.1.0.").append(i).append("]},");
    }
    return text.append("]}\n").toString();
  }

  private static void replace(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(".new");
    Files.writeString(temporary, text);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void whatIsThereIsToldThenThatItWasAllThenOnlyWhatChanges() throws Exception {
    Path file = parent.resolve("web.yaml");
    Files.writeString(
        file,
        service("web", "10.96.0.1")
            + "---\n"
            + slice("web-1", 1)
            + "---\n{apiVersion: v1, kind: Node, metadata: {name: node1}}");
    RecordingListener listener = new RecordingListener();
    try (ManifestSource source = new ManifestSource(parent, listener, NEVER)) {
      source.start();
      assertThat(listener.next()).isEqualTo("node node1");
      assertThat(listener.next()).isEqualTo("service default/web [10.96.0.1]");
      assertThat(listener.next()).isEqualTo("slice default/web-1 1");
      assertThat(listener.next()).isEqualTo("listed");

      replace(file, service("web", "10.96.0.1") + "---\n" + slice("web-1", 2));
      assertThat(listener.next()).isEqualTo("slice default/web-1 2");

      Files.delete(file);
      assertThat(listener.next()).isEqualTo("no slice default/web-1");
      assertThat(listener.next()).isEqualTo("no service default/web");
    }
    assertThat(listener.all()).isEmpty();
  }

  @Test
  void aFileWrittenInPiecesIsReadOnceItIsWhole() throws Exception {
    RecordingListener listener = new RecordingListener();
    try (ManifestSource source = new ManifestSource(parent, listener, NEVER)) {
      source.start();
      assertThat(listener.next()).isEqualTo("listed");
      try (Writer out = Files.newBufferedWriter(parent.resolve("web.yaml"))) {
        for (int i = 1; i <= 20; i++) {
          out.write((i == 1 ? "" : "---\n") + service("s" + i, "10.96.0." + i));
          out.flush();
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(listener.next()).startsWith("service default/s");
      }
    }
    assertThat(listener.all()).isEmpty();
  }

  @Test
  void problemsAreToldWhenTheyComeAndWhenTheyGo() throws Exception {
    RecordingListener listener = new RecordingListener();
    try (ManifestSource source = new ManifestSource(parent, listener, NEVER)) {
      source.start();
      assertThat(listener.next()).isEqualTo("listed");
      replace(parent.resolve("a.yaml"), "{");
      assertThat(listener.next()).startsWith("problems [a.yaml: not YAML: ");
      replace(parent.resolve("a.yaml"), service("a", "10.96.0.1"));
      assertThat(listener.next()).isEqualTo("service default/a [10.96.0.1]");
      assertThat(listener.next()).isEqualTo("problems []");
    }
  }

  @Test
  void aDirectoryThatComesLaterIsFound() throws Exception {
    Path later = parent.resolve("later");
    RecordingListener listener = new RecordingListener();
    try (ManifestSource source = new ManifestSource(later, listener, Duration.ofMillis(10))) {
      source.start();
      assertThat(listener.next()).startsWith("problems [" + later + " cannot be read");
      Files.createDirectory(later);
      assertThat(listener.next()).isEqualTo("problems []");
      assertThat(listener.next()).isEqualTo("listed");
      replace(later.resolve("a.yaml"), service("a", "10.96.0.1"));
      assertThat(listener.next()).isEqualTo("service default/a [10.96.0.1]");
    }
  }

  @Test
  void aDirectoryThatIsReplacedIsFollowed() throws Exception {
    Path directory = Files.createDirectory(parent.resolve("d"));
    replace(directory.resolve("a.yaml"), service("a", "10.96.0.1"));
    RecordingListener listener = new RecordingListener();
    try (ManifestSource source = new ManifestSource(directory, listener, Duration.ofMillis(10))) {
      source.start();
      assertThat(listener.next()).isEqualTo("service default/a [10.96.0.1]");
      assertThat(listener.next()).isEqualTo("listed");
      Path next = Files.createDirectory(parent.resolve("next"));
      replace(next.resolve("a.yaml"), service("a", "10.96.0.2"));
      Files.move(directory, parent.resolve("old"));
      Files.move(next, directory);
      String told = listener.next();
      while (told.startsWith("problems")) {
        told = listener.next();
      }
      assertThat(told).isEqualTo("service default/a [10.96.0.2]");
    }
  }

  @Test
  void closingEndsTheThread() throws Exception {
    RecordingListener listener = new RecordingListener();
    ManifestSource source = new ManifestSource(parent, listener, NEVER);
    source.start();
    assertThat(listener.next()).isEqualTo("listed");
    source.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("manifests");
    source.close();
  }
}
