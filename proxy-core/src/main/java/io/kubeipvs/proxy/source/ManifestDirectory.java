package io.kubeipvs.proxy.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A directory of manifests: files named {@code *.yaml}, {@code *.yml} or {@code *.json} in it, not
 * in directories below, and not those whose names begin with a dot. Each scan reads only what
 * changed since the last. What cannot be read now stays as it was read last: a slip of the pen must
 * not take Services away. Only a file that is gone takes its objects with it.
 *
 * <p>For one thread.
 */
public final class ManifestDirectory {
  static final int FILE_LIMIT = 64 << 20;

  private static final String KEPT = "; what was read before stays in force";

  private final Path directory;
  private final SortedMap<String, FileState> files = new TreeMap<>();
  private final ManifestIndex index = new ManifestIndex();
  private List<Problem> problems = List.of();
  private boolean listed;

  public ManifestDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * @param stamp of what was read; null when it must be read again
   * @param manifest what counts: the last that was readable, with the problems of the last read
   */
  private record FileState(@Nullable FileStamp stamp, Manifest manifest) {}

  /** Tells whether a file is still the one that was read. */
  private record FileStamp(long size, long modifiedNanoseconds, String identity) {
    static FileStamp of(BasicFileAttributes attributes) {
      return new FileStamp(
          attributes.size(),
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          String.valueOf(attributes.fileKey()));
    }
  }

  /** Whether the directory itself could be read at least once. Before, there is nothing to do. */
  public boolean isListed() {
    return listed;
  }

  /** Everything there is now. */
  public Manifests scan() {
    refresh(Touched.EVERYTHING);
    return index.all(problems);
  }

  /** Tells of all that was read since it told last. */
  void tell(SourceListener listener) {
    index.tell(listener, problems);
  }

  /** Reads what changed. */
  void refresh(Touched touched) {
    boolean all = touched.everything() || !problems.isEmpty();
    if (!all && touched.names().stream().allMatch(this::isPlain)) {
      touched.names().stream()
          .filter(ManifestDirectory::isManifest)
          .forEach(name -> refresh(name, directory.resolve(name), true));
    } else {
      lookThrough(touched.names());
    }
  }

  private void lookThrough(Set<String> touched) {
    try {
      SortedMap<String, Path> found = list();
      listed = true;
      problems = List.of();
      List.copyOf(files.keySet()).stream().filter(f -> !found.containsKey(f)).forEach(this::remove);
      found.forEach((name, file) -> refresh(name, file, touched.contains(name)));
    } catch (IOException e) {
      String message = directory + " cannot be read: " + reason(e) + KEPT;
      problems = List.of(new Problem("", "", "", message));
    }
  }

  /**
   * Whether what happened to that name concerns the file of that name only. Not so with a link or a
   * directory that others may lead through (a mounted ConfigMap is changed by exchanging the link
   * {@code ..data}), nor with a manifest that is gone: that may be so because the directory is.
   */
  private boolean isPlain(String name) {
    Path file;
    try {
      file = directory.resolve(name);
    } catch (InvalidPathException e) {
      return false; // a name that is none in this process' locale
    }
    return isManifest(name)
        ? Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(file)
        : Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            || Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private void remove(String name) {
    FileState gone = files.remove(name);
    index.replace(gone == null ? null : gone.manifest(), null);
  }

  private void put(String name, @Nullable FileStamp stamp, Manifest manifest) {
    FileState former = files.put(name, new FileState(stamp, manifest));
    index.replace(former == null ? null : former.manifest(), manifest);
  }

  private SortedMap<String, Path> list() throws IOException {
    SortedMap<String, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = Objects.requireNonNull(entry.getFileName()).toString();
        if (isManifest(name) && !Files.isDirectory(entry)) {
          found.put(name, entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  static boolean isManifest(String name) {
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private void refresh(String name, Path file, boolean touched) {
    FileState known = files.get(name);
    try {
      FileStamp stamp = stamp(file);
      if (!touched && known != null && stamp.equals(known.stamp())) {
        return;
      }
      Manifest manifest = read(name, file, stamp);
      FileStamp after = stamp(file).equals(stamp) ? stamp : null;
      put(name, after, keepingObjects(known, manifest));
    } catch (IOException e) {
      Manifest unreadable = Manifest.unreadable(name, "cannot be read: " + reason(e));
      put(name, null, keepingObjects(known, unreadable));
    }
  }

  private static FileStamp stamp(Path file) throws IOException {
    return FileStamp.of(Files.readAttributes(file, BasicFileAttributes.class));
  }

  private static Manifest read(String name, Path file, FileStamp stamp) throws IOException {
    if (stamp.size() > FILE_LIMIT) {
      return Manifest.unreadable(name, "is larger than " + FILE_LIMIT + " bytes");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return ManifestReader.read(name, in.readNBytes(FILE_LIMIT));
    }
  }

  private static Manifest keepingObjects(@Nullable FileState known, Manifest read) {
    if (read.readable() || known == null || !known.manifest().readable()) {
      return read;
    }
    List<Problem> problems = new ArrayList<>();
    for (Problem problem : read.problems()) {
      problems.add(new Problem(problem.file(), "", "", problem.message() + KEPT));
    }
    return known.manifest().withProblems(problems);
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "it does not exist" : String.valueOf(e.getMessage());
  }
}
