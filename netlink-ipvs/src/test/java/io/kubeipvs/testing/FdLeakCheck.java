package io.kubeipvs.testing;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class that leaves sockets, pipes or the like open. Regular files are not counted:
 * the JVM opens jars and libraries whenever it first needs them and keeps them.
 */
public final class FdLeakCheck implements BeforeAllCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(FdLeakCheck.class);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    // The first channel of a JVM that is closed makes a socket that stays (the JDK's preClose).
    SocketChannel.open().close();
    context.getStore(NAMESPACE).put(context.getUniqueId(), openDescriptors());
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    List<?> before = context.getStore(NAMESPACE).remove(context.getUniqueId(), List.class);
    List<String> leaked = openedSince(before);
    if (!leaked.isEmpty()) {
      String name = context.getRequiredTestClass().getSimpleName();
      throw new AssertionError(name + " left open: " + leaked);
    }
  }

  /** The descriptors that are open now and were not then. */
  static List<String> openedSince(List<?> before) throws IOException {
    List<String> opened = openDescriptors();
    before.forEach(opened::remove);
    return opened;
  }

  /** What the descriptors stand for, as {@code socket:[4711]} or {@code anon_inode:[eventpoll]}. */
  static List<String> openDescriptors() throws IOException {
    List<String> descriptors = new ArrayList<>();
    try (Stream<Path> links = Files.list(DESCRIPTORS)) {
      for (Path link : (Iterable<Path>) links::iterator) {
        readLink(link, descriptors);
      }
    }
    return descriptors;
  }

  private static void readLink(Path link, List<String> descriptors) throws IOException {
    try {
      String target = Files.readSymbolicLink(link).toString();
      if (!target.startsWith("/")) {
        descriptors.add(target);
      }
    } catch (NoSuchFileException closedMeanwhile) {
      // The one of the listing itself, or another thread's.
    }
  }
}
