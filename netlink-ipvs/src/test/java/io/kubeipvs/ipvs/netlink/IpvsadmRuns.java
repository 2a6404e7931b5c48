package io.kubeipvs.ipvs.netlink;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.Ipvsadm;
import io.kubeipvs.netlink.LibcNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The same command line, given to us and to the C tool. */
final class IpvsadmRuns {
  private static final Charset BYTES = StandardCharsets.ISO_8859_1;

  private IpvsadmRuns() {}

  /** What a run of either leaves behind. */
  record Result(int exitCode, String out, String err) {}

  static Result ours(Ipvs ipvs, String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Ipvsadm.run(
            List.of(arguments),
            ipvs,
            new LibcNames(),
            new ByteArrayInputStream(input.getBytes(BYTES)),
            new PrintStream(out, false, BYTES),
            new PrintStream(err, false, BYTES));
    return new Result(exitCode, out.toString(BYTES), err.toString(BYTES));
  }

  static Result tool(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ipvsadm"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(BYTES));
    }
    String out = new String(process.getInputStream().readAllBytes(), BYTES);
    String err = new String(process.getErrorStream().readAllBytes(), BYTES);
    return new Result(process.waitFor(), out, err);
  }
}
