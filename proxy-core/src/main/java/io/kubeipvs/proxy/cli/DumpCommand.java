package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.history.HistoryPage;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.DaemonClient;
import io.kubeipvs.proxy.inspect.KernelReader.Content;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.inspect.Snapshot;
import io.kubeipvs.proxy.inspect.SnapshotFile;
import io.kubeipvs.proxy.inspect.SnapshotTexts;
import io.kubeipvs.proxy.inspect.archive.TarWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kube-ipvs dump}. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = RunFlags.Accepting.class,
    exitCodeOnInvalidInput = 1,
    description = {
      "Writes one archive with all that `list`, `plan` and `explain` look at, for them to read with"
          + " --from on any machine, and the same as texts for people: what the cluster asks for,"
          + " what the kernel holds, settings, versions, and what a running daemon tells of its"
          + " recent history.",
      "",
      "Names and addresses of Services, pods and clients are in it; tokens, certificates and the"
          + " kubeconfig are not. Only its owner may read the file."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:written, perhaps without what cannot be read", "1:not written"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  kube-ipvs dump",
      "  kube-ipvs dump - | ssh desk 'cat > node1.tar.gz'",
      "  kube-ipvs plan --from node1.tar.gz"
    })
final class DumpCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Of a running daemon, by the name each has in the archive. */
  /** In the archive; a node's name could be longer than a tar's names may be. */
  private static final String DIRECTORY = "kube-ipvs/";

  private static final Map<String, String> PAGES =
      Map.of(
          "metrics.txt", "/metrics", "configz.json", "/configz", "history.json", HistoryPage.PATH);

  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin SnapshotOptions where = new SnapshotOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "where to (default: kube-ipvs-NODE-TIME.tar.gz in this directory; - is standard output)")
  @Nullable String file;

  @Override
  public Integer call() {
    try {
      Snapshot snapshot = where.take(EnumSet.complementOf(EnumSet.of(Content.IPVS_OVERVIEW)));
      String name = name(snapshot);
      if ("-".equals(file)) {
        write(snapshot, System.out);
        if (System.out.checkError()) {
          throw new IOException("standard output takes no more");
        }
        return 0;
      }
      Path path = Path.of(file == null ? name + ".tar.gz" : file);
      writeFile(snapshot, path);
      spec.commandLine().getErr().println("written: " + path);
      return 0;
    } catch (FileAlreadyExistsException e) {
      spec.commandLine().getErr().println("kube-ipvs dump: " + e.getMessage() + " exists already");
      return 1;
    } catch (StartupException | IOException e) {
      spec.commandLine().getErr().println("kube-ipvs dump: " + e.getMessage());
      return 1;
    }
  }

  private static String name(Snapshot snapshot) {
    String node =
        snapshot.cluster().map(Cluster::nodeName).orElse("").replaceAll("[^A-Za-z0-9.-]", "_");
    return "kube-ipvs-" + (node.isEmpty() ? "" : node + "-") + STAMP.format(snapshot.taken());
  }

  private static OutputStream create(Path path) throws IOException {
    return Channels.newOutputStream(
        Files.newByteChannel(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY));
  }

  private void writeFile(Snapshot snapshot, Path path) throws IOException {
    OutputStream out = create(path);
    try {
      write(snapshot, out);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path); // half an archive helps nobody
      throw e;
    }
  }

  private void write(Snapshot snapshot, OutputStream out) throws IOException {
    try (TarWriter tar = new TarWriter(new GZIPOutputStream(out), snapshot.taken())) {
      tar.add(DIRECTORY + SnapshotFile.NAME, SnapshotFile.content(snapshot));
      for (Map.Entry<String, String> text : texts(snapshot).entrySet()) {
        tar.add(DIRECTORY + text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private Map<String, String> texts(Snapshot snapshot) {
    Map<String, String> texts = new LinkedHashMap<>(SnapshotTexts.of(snapshot));
    texts.put("list.txt", text(() -> ListCommand.wide(snapshot)));
    texts.put("plan.txt", text(() -> PlanCommand.script(snapshot)));
    if (where.from == null) {
      where
          .daemon
          .address()
          .ifPresent(
              address ->
                  PAGES.forEach(
                      (name, page) ->
                          Part.read(() -> DaemonClient.page(address, page))
                              .value()
                              .ifPresent(text -> texts.put(name, text))));
    }
    return texts;
  }

  /** Text, or why there is none. */
  private interface Writing {
    String write() throws IOException, StartupException;
  }

  private static String text(Writing writing) {
    try {
      return writing.write();
    } catch (IOException | StartupException e) {
      return "missing: " + e.getMessage() + "\n";
    }
  }
}
