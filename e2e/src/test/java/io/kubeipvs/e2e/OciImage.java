package io.kubeipvs.e2e;

import io.kubeipvs.proxy.source.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The archive that {@code make image} leaves, unpacked as container runtimes do it: layer over
 * layer.
 */
record OciImage(Path root, List<String> entrypoint, List<String> environment, int layers) {

  static OciImage unpack(Path archive, Path directory) {
    try {
      Path layout = Files.createDirectory(directory.resolve("layout"));
      Path root = Files.createDirectory(directory.resolve("rootfs"));
      tar("-xf", archive, layout);
      Field index = Document.only(layout.resolve("index.json"));
      Field manifest = Document.only(blob(layout, index.get("manifests").items().get(0)));
      List<Field> layers = manifest.get("layers").items();
      for (Field layer : layers) {
        tar("-xzf", blob(layout, layer), root);
      }
      Field config = Document.only(blob(layout, manifest.get("config"))).get("config");
      Output.of("rm", "-r", layout.toString()).orFail(); // a guest's disk is memory
      return new OciImage(
          root,
          Document.texts(config.get("Entrypoint")),
          Document.texts(config.get("Env")),
          layers.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tar(String action, Path file, Path directory) {
    Output.of("tar", action, file.toString(), "-C", directory.toString()).orFail();
  }

  /** What a descriptor means; each is named by the hash of its content. */
  private static Path blob(Path layout, Field descriptor) {
    String sum = Document.text(descriptor.get("digest")).substring("sha256:".length());
    Path blob = layout.resolve("blobs/sha256").resolve(sum);
    String found = Output.of("sha256sum", blob.toString()).orFail().stdout();
    if (!found.startsWith(sum)) {
      throw new IllegalStateException(blob + " is " + found);
    }
    return blob;
  }
}
