package io.kubeipvs.ipvs;

import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.netlink.NetlinkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out what command lines ask for. Those that follow each other ({@code -R}) and change the
 * table are sent together; what the kernel refuses is said in their order, and the others are done.
 */
final class IpvsadmWriter {
  /** The exit code when the kernel refused. */
  private static final int REFUSED = 255;

  /** Lines held at a time. */
  private static final int CHUNK = 4096;

  private final Ipvs table;
  private final NetworkNames names;
  private final PrintStream err;
  private final List<IpvsCommand> waiting = new ArrayList<>();
  private int exitCode;

  IpvsadmWriter(Ipvs table, NetworkNames names, PrintStream err) {
    this.names = names;
    this.table = table;
    this.err = err;
  }

  /** Does it, and answers the exit code. */
  int apply(IpvsadmChange change) throws IOException {
    add(change);
    send();
    return exitCode;
  }

  /** Reads one command line a line, without the word {@code ipvsadm}. */
  int restore(BufferedReader in) throws IOException, IpvsadmUsageException {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> words = words(line);
        if (!words.isEmpty()) {
          add(change(words));
        }
      }
    } finally {
      send(); // also when a line is wrong: those before it count
    }
    return exitCode;
  }

  /** The tool knows no comments. */
  private static List<String> words(String line) {
    String text = line.strip();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
  }

  private IpvsadmChange change(List<String> words) throws IpvsadmUsageException {
    Optional<IpvsadmChange> change = IpvsadmRequest.parse(words, names).change();
    return change.orElseThrow(
        () ->
            new IpvsadmUsageException(
                "Try `ipvsadm -h' or 'ipvsadm --help' for more information.", REFUSED));
  }

  private void add(IpvsadmChange change) throws IOException {
    if (change instanceof IpvsadmChange.Table one) {
      waiting.add(one.command());
      if (waiting.size() == CHUNK) {
        send();
      }
      return;
    }
    send();
    applyAlone(change);
  }

  private void send() throws IOException {
    if (waiting.isEmpty()) {
      return;
    }
    List<IpvsCommand> sent = List.copyOf(waiting);
    waiting.clear();
    exitCode = 0;
    for (CommandFailure failure : table.execute(sent)) {
      say(new IpvsadmChange.Table(failure.command()), failure.cause());
      // As the tool: that of the last line.
      exitCode = failure.command() == sent.get(sent.size() - 1) ? REFUSED : 0;
    }
  }

  private void applyAlone(IpvsadmChange change) throws IOException {
    exitCode = 0;
    try {
      if (change instanceof IpvsadmChange.Clear) {
        table.flush();
      } else if (change instanceof IpvsadmChange.Zero zero) {
        zero(zero.key());
      } else if (change instanceof IpvsadmChange.SetTimeouts set) {
        table.setTimeouts(set.timeouts());
      } else if (change instanceof IpvsadmChange.StartDaemon start) {
        table.startDaemon(start.daemon());
      } else if (change instanceof IpvsadmChange.StopDaemon stop) {
        table.stopDaemon(stop.state());
      }
    } catch (NetlinkException refusal) {
      say(change, refusal);
      exitCode = REFUSED;
    }
  }

  private void zero(Optional<ServiceKey> key) throws IOException {
    if (key.isPresent()) {
      table.zero(key.get());
    } else {
      table.zero();
    }
  }

  private void say(IpvsadmChange change, NetlinkException refusal) {
    err.println(IpvsadmErrors.text(change, refusal));
  }
}
