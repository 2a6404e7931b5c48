package io.kubeipvs.proxy.check.facts;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tables of a kube-proxy in nftables mode ({@code pkg/proxy/nftables}), which no iptables tool
 * shows. {@code nft} does, where it is installed; where it is not, nothing is known.
 */
final class NftTables {
  private static final List<String> COMMAND = List.of("nft", "list", "tables");
  private static final List<String> OTHERS = List.of("ip kube-proxy", "ip6 kube-proxy");
  private static final String LINE = "table ";
  private static final int LIMIT_SECONDS = 10;

  private NftTables() {}

  /** {@code ip kube-proxy}; empty also where it cannot be told. */
  static List<String> read() throws InterruptedIOException {
    try {
      return ofKubeProxy(run(COMMAND));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Lines like {@code table ip kube-proxy}. */
  static List<String> ofKubeProxy(String listed) {
    return listed
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(LINE))
        .map(line -> line.substring(LINE.length()))
        .filter(OTHERS::contains)
        .toList();
  }

  private static String run(List<String> command) throws IOException {
    Process nft =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      nft.getOutputStream().close();
      // The list is short: it fits into the pipe, so that nft can end before it is read.
      if (!nft.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || nft.exitValue() != 0) {
        return "";
      }
      return new String(nft.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while nft ran");
    } finally {
      nft.destroyForcibly();
    }
  }
}
