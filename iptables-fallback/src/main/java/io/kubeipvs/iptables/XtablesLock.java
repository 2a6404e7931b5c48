package io.kubeipvs.iptables;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The {@code flock(2)} that all users of legacy iptables share, and who holds it. */
public final class XtablesLock {
  private static final int SHOWN_LENGTH = 160;

  private final Path lockFile;
  private final Path proc;

  XtablesLock(Path lockFile, Path proc) {
    this.lockFile = lockFile;
    this.proc = proc;
  }

  /**
   * The one the tools take.
   *
   * @param proc {@code /proc}
   */
  public static XtablesLock standard(Path proc) {
    return new XtablesLock(ToolOptions.DEFAULT.lockFile(), proc);
  }

  public Path file() {
    return lockFile;
  }

  /** {@code pid 4711 (iptables -w 60 -L)}; empty when nobody holds it, as far as can be seen. */
  public Optional<String> heldBy() {
    try {
      return Files.exists(lockFile)
          ? pidFromLocks().map(pid -> Files.exists(proc.resolve(pid)) ? described(pid) : holder())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** {@code pid 4711 (iptables -w 60 -L)}; says so when that cannot be found out. */
  String holder() {
    try {
      Optional<String> pid = pidFromLocks();
      if (pid.isEmpty() || !Files.exists(proc.resolve(pid.get()))) {
        pid = pidFromDescriptors();
      }
      return pid.map(this::described).orElse("a process that cannot be seen from here");
    } catch (IOException e) {
      return "an unknown process (" + e + ")";
    }
  }

  /**
   * {@code 3: FLOCK ADVISORY WRITE 4711 fe:01:1835090 0 EOF}; a waiting one has {@code ->} behind
   * its number. The device is not compared: overlay file systems show another one here.
   */
  private Optional<String> pidFromLocks() throws IOException {
    String inode = ":" + Files.getAttribute(lockFile, "unix:ino");
    for (String line : Files.readAllLines(proc.resolve("locks"), StandardCharsets.ISO_8859_1)) {
      String[] words = line.strip().split(" +", -1);
      if (words.length > 5 && words[1].equals("FLOCK") && words[5].endsWith(inode)) {
        return Optional.of(words[4]);
      }
    }
    return Optional.empty();
  }

  /** The one who locked has gone, or is of another pid namespace: whoever shares the descriptor. */
  private Optional<String> pidFromDescriptors() throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process)) {
          return Optional.of(process.getFileName().toString());
        }
      }
    }
    return Optional.empty();
  }

  private boolean holds(Path process) {
    Path real = lockFile.toAbsolutePath();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.isSameFile(descriptor, real) && isLocked(process, descriptor.getFileName())) {
          return true;
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return false; // it has ended meanwhile, or is not ours to look at
    }
    return false;
  }

  private static boolean isLocked(Path process, Path descriptor) throws IOException {
    List<String> info = Files.readAllLines(process.resolve("fdinfo").resolve(descriptor));
    return info.stream().anyMatch(line -> line.startsWith("lock:") && line.contains("FLOCK"));
  }

  private String described(String pid) {
    String command;
    try {
      byte[] bytes = Files.readAllBytes(proc.resolve(pid).resolve("cmdline"));
      command = new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    } catch (IOException e) {
      command = "it has ended by now";
    }
    return "pid %s (%s)"
        .formatted(pid, command.substring(0, Math.min(command.length(), SHOWN_LENGTH)));
  }
}
