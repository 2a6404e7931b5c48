package io.kubeipvs.proxy.check.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Processes of this network namespace, and the sockets they have open, from {@code /proc}. */
final class ProcessFiles {
  /** {@code PROC_PID_INIT_INO}, the number of the PID namespace that every other is inside of. */
  private static final String ALL_PROCESSES = "pid:[" + 0xEFFFFFFCL + "]";

  private final Path proc;
  private final long self;

  ProcessFiles(Path root, long self) {
    this.proc = root.resolve("proc");
    this.self = self;
  }

  /** Others than this one. */
  List<NodeProcess> read() {
    Optional<String> namespace = link(proc.resolve("self/ns/net"));
    List<NodeProcess> processes = new ArrayList<>();
    for (Path directory : numbered()) {
      boolean here = link(directory.resolve("ns/net")).equals(namespace);
      long pid = Long.parseLong(String.valueOf(directory.getFileName()));
      if (here && pid != self) {
        process(directory, pid).ifPresent(processes::add);
      }
    }
    return processes;
  }

  /** Whether there can be no others, outside of this one's PID namespace. */
  boolean areAllSeen() {
    return link(proc.resolve("self/ns/pid")).filter(ALL_PROCESSES::equals).isPresent();
  }

  private static Optional<NodeProcess> process(Path directory, long pid) {
    try {
      String command = text(directory.resolve("comm")).strip();
      String line = text(directory.resolve("cmdline"));
      List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split("\0", 0));
      return Optional.of(new NodeProcess(pid, command, arguments));
    } catch (IOException e) {
      return Optional.empty(); // it has ended
    }
  }

  /** Which process has the socket of an inode open: one of them, where several do. */
  Map<Long, Long> ownersOfSockets() {
    Map<Long, Long> owners = new HashMap<>();
    for (Path directory : numbered()) {
      long pid = Long.parseLong(String.valueOf(directory.getFileName()));
      sockets(directory).forEach(inode -> owners.put(inode, pid));
    }
    return owners;
  }

  private static List<Long> sockets(Path process) {
    List<Long> inodes = new ArrayList<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      open.forEach(descriptor -> socket(descriptor).ifPresent(inodes::add));
    } catch (IOException | DirectoryIteratorException e) {
      return inodes; // it has ended, or is not ours to look at
    }
    return inodes;
  }

  private static Optional<Long> socket(Path descriptor) {
    return link(descriptor)
        .filter(target -> target.matches("socket:\\[[0-9]{1,18}]"))
        .map(target -> Long.valueOf(target.substring(8, target.length() - 1)));
  }

  private List<Path> numbered() {
    List<Path> directories = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      all.forEach(directories::add);
    } catch (IOException e) {
      return List.of();
    }
    return directories;
  }

  private static Optional<String> link(Path path) {
    try {
      return Optional.of(Files.readSymbolicLink(path).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
