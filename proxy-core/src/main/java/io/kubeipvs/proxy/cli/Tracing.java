package io.kubeipvs.proxy.cli;

import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.TextTrace;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code --netlink-trace}. */
final class Tracing {
  private Tracing() {}

  /**
   * @param file where to; "-" is stderr, null no trace at all
   */
  static NetlinkTrace open(@Nullable String file) throws IOException {
    if (file == null) {
      return NetlinkTrace.NONE;
    }
    PrintStream out =
        file.equals("-")
            ? System.err
            : new PrintStream(new FileOutputStream(file, true), true, StandardCharsets.UTF_8);
    return new TextTrace(out::println);
  }
}
