package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a directory that looks like {@code /proc}; {@code IptablesKernelIT} asks the real one. */
class XtablesLockTest {
  private Path proc;
  private Path lock;

  @SuppressWarnings("NullAway.Init") // set before each test
  XtablesLockTest() {}

  @BeforeEach
  void makeFiles(@TempDir Path directory) throws IOException {
    proc = Files.createDirectory(directory.resolve("proc"));
    lock = Files.createFile(directory.resolve("xtables.lock"));
  }

  private String holder() {
    return new XtablesLock(lock, proc).holder();
  }

  private void locks(String pid) throws IOException {
    Files.writeString(
        proc.resolve("locks"),
        """
        1: POSIX  ADVISORY  WRITE 11 00:1b:%1$s 0 EOF
        2: FLOCK  ADVISORY  WRITE 12 00:1b:9%1$s 0 EOF
        3: -> FLOCK  ADVISORY  WRITE 13 00:1b:%1$s 0 EOF
        4: FLOCK  ADVISORY  WRITE %2$s fe:01:%1$s 0 EOF
        """
            .formatted(Files.getAttribute(lock, "unix:ino"), pid));
  }

  private Path process(String pid, String commandLine) throws IOException {
    Path process = Files.createDirectories(proc.resolve(pid));
    Files.createDirectories(process.resolve("fdinfo"));
    Files.createDirectories(process.resolve("fd"));
    Files.writeString(process.resolve("cmdline"), commandLine.replace(' ', '\0') + "\0");
    return process;
  }

  private void opensLock(Path process, String info) throws IOException {
    Files.createSymbolicLink(process.resolve("fd/3"), lock);
    Files.writeString(process.resolve("fdinfo/3"), info);
  }

  @Test
  void theHolderIsFoundAmongTheLocksAndNotAWaitingOne() throws Exception {
    locks("14");
    process("14", "iptables -w 60 -L");
    assertThat(holder()).isEqualTo("pid 14 (iptables -w 60 -L)");
  }

  @Test
  void whoInheritedTheDescriptorIsNamedWhenTheHolderIsGone() throws Exception {
    locks("15");
    opensLock(process("16", "waiting"), "pos:\t0\n");
    opensLock(
        process("17", "felix"), "pos:\t0\nlock:\t1: FLOCK  ADVISORY  WRITE 15 fe:01:1 0 EOF\n");
    assertThat(holder()).isEqualTo("pid 17 (felix)");
  }

  @Test
  void nobodyInSightIsSaid() throws Exception {
    locks("0");
    assertThat(holder()).isEqualTo("a process that cannot be seen from here");
  }

  @Test
  void noProcIsSaid() {
    assertThat(holder()).startsWith("an unknown process (");
  }
}
