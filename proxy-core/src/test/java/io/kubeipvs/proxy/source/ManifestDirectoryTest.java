package io.kubeipvs.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.proxy.model.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestDirectoryTest {
  private final Path parent;
  private final Path directory;
  private final ManifestDirectory manifests;

  ManifestDirectoryTest(@TempDir Path parent) throws IOException {
    this.parent = parent;
    directory = Files.createDirectory(parent.resolve("manifests"));
    manifests = new ManifestDirectory(directory);
  }

  static String service(String name, String address) {
    return "{apiVersion: v1, kind: Service, metadata: {name: "
        + name
        + "}, spec: {clusterIP: "
        + address
        + ", ports: [{port: 80}]}}\n";
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private List<String> names() {
    return manifests.scan().services().keySet().stream().map(ServiceName::name).toList();
  }

  private List<String> problems() {
    return manifests.scan().problems().stream().map(Problem::toString).toList();
  }

  @Test
  void manifestsAreFilesOfThreeKinds() throws IOException {
    write("a.yaml", service("a", "10.96.0.1"));
    write("b.yml", service("b", "10.96.0.2"));
    write("c.json", service("c", "10.96.0.3"));
    write("d.txt", service("d", "10.96.0.4"));
    write(".e.yaml", service("e", "10.96.0.5"));
    Files.createDirectory(directory.resolve("f.yaml"));
    Files.createDirectory(directory.resolve("g"));
    write("g/g.yaml", service("g", "10.96.0.6"));
    assertThat(names()).containsExactly("a", "b", "c");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aFileThatIsGoneTakesItsObjectsWithIt() throws IOException {
    write("a.yaml", service("a", "10.96.0.1"));
    write("b.yaml", service("b", "10.96.0.2"));
    assertThat(names()).containsExactly("a", "b");
    Files.delete(directory.resolve("a.yaml"));
    assertThat(names()).containsExactly("b");
  }

  @Test
  void aFileThatIsYamlNoMoreKeepsWhatItHeld() throws IOException {
    write("a.yaml", service("a", "10.96.0.1"));
    assertThat(names()).containsExactly("a");
    write("a.yaml", "{apiVersion: v1, kind: Serv");
    assertThat(names()).containsExactly("a");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("a.yaml: not YAML: ")
        .endsWith("; what was read before stays in force");
    write("a.yaml", service("b", "10.96.0.1"));
    assertThat(names()).containsExactly("b");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aFileThatNeverWasYamlGivesNothing() throws IOException {
    write("a.yaml", "{");
    write("b.yaml", service("b", "10.96.0.1"));
    assertThat(names()).containsExactly("b");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("a.yaml: not YAML: line 1, column 2");
  }

  @Test
  void aFileThatCannotBeReadKeepsWhatItHeld() throws IOException {
    Path real = parent.resolve("real");
    Files.writeString(real, service("a", "10.96.0.1"));
    Files.createSymbolicLink(directory.resolve("a.yaml"), real);
    assertThat(names()).containsExactly("a");
    Files.delete(real);
    assertThat(names()).containsExactly("a");
    assertThat(problems())
        .containsExactly(
            "a.yaml: cannot be read: it does not exist; what was read before stays in force");
  }

  @Test
  void aDirectoryThatVanishesKeepsWhatItHeld() throws IOException {
    write("a.yaml", service("a", "10.96.0.1"));
    assertThat(names()).containsExactly("a");
    Files.move(directory, parent.resolve("elsewhere"));
    assertThat(names()).containsExactly("a");
    assertThat(problems())
        .containsExactly(
            directory + " cannot be read: it does not exist; what was read before stays in force");
    Files.createDirectory(directory);
    assertThat(names()).isEmpty();
  }

  @Test
  void aDirectoryThatNeverWasThereIsNoEmptyOne() throws IOException {
    ManifestDirectory missing = new ManifestDirectory(parent.resolve("missing"));
    assertThat(missing.scan().problems()).hasSize(1);
    assertThat(missing.isListed()).isFalse();
    Files.createDirectory(parent.resolve("missing"));
    missing.scan();
    assertThat(missing.isListed()).isTrue();
  }

  @Test
  void ofTwoObjectsOfANameThatOfTheFirstFileCounts() throws IOException {
    write("b.yaml", service("web", "10.96.0.2"));
    write("a.yaml", service("web", "10.96.0.1") + "---\n" + service("web", "10.96.0.3"));
    assertThat(manifests.scan().services().values())
        .singleElement()
        .satisfies(service -> assertThat(service.clusterIps()).hasToString("[10.96.0.1]"));
    assertThat(problems())
        .containsExactly(
            "a.yaml: Service default/web: is in a.yaml already; that one counts",
            "b.yaml: Service default/web: is in a.yaml already; that one counts");
    Files.delete(directory.resolve("a.yaml"));
    assertThat(manifests.scan().services().values())
        .singleElement()
        .satisfies(service -> assertThat(service.clusterIps()).hasToString("[10.96.0.2]"));
  }

  @Test
  void aFileThatLooksTheSameIsReadOnlyWhenTouched() throws IOException {
    write("a.yaml", service("a", "10.96.0.1"));
    assertThat(names()).containsExactly("a");
    Path file = directory.resolve("a.yaml");
    var modified = Files.getLastModifiedTime(file);
    Files.writeString(file, service("b", "10.96.0.1"));
    Files.setLastModifiedTime(file, modified);
    assertThat(names()).containsExactly("a");
    manifests.refresh(Touched.only(Set.of("a.yaml")));
    assertThat(manifests.scan().services().keySet())
        .extracting(ServiceName::name)
        .containsExactly("b");
  }

  @Test
  void aFileThatIsReplacedIsReadWhateverItsTime() throws IOException {
    write("a.yaml", service("a", "10.96.0.1"));
    assertThat(names()).containsExactly("a");
    Path other = parent.resolve("other");
    Files.writeString(other, service("b", "10.96.0.1"));
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(directory.resolve("a.yaml")));
    Files.move(other, directory.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(names()).containsExactly("b");
  }
}
