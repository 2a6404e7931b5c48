package io.kubeipvs.netlink.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.TableSize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whichever kind of tools the node has: one of both tells that they were at work. */
@Tag("nft")
class TablesKernelIT {
  private static final String CHAIN = "KUBE-IPVS-TEST";

  private static void iptables(String arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(("iptables -w " + arguments).split(" ", -1)).inheritIO().start();
    assertThat(process.waitFor()).as(arguments).isZero();
  }

  @AfterEach
  void clean() throws IOException, InterruptedException {
    iptables("-t mangle -F " + CHAIN);
    iptables("-t mangle -X " + CHAIN);
  }

  @Test
  void everyChangeIsSeenAndReadingIsNone() throws IOException, InterruptedException {
    iptables("-t mangle -N " + CHAIN);
    try (Watched watched = new Watched()) {
      String before = watched.look();
      iptables("-t mangle -S");
      assertThat(watched.look()).isEqualTo(before);
      iptables("-t mangle -A " + CHAIN + " -j ACCEPT");
      String after = watched.look();
      assertThat(after).isNotEqualTo(before);
      iptables("-t mangle -F " + CHAIN);
      assertThat(watched.look()).isNotEqualTo(after);
    }
  }

  private static final class Watched implements AutoCloseable {
    private final Optional<Generation> generation = Generation.open(NetlinkTrace.NONE);

    Watched() throws IOException {}

    String look() throws IOException {
      String legacy =
          TableSize.tables(AddressFamily.IPV4).contains("mangle")
              ? TableSize.read(AddressFamily.IPV4, "mangle").toString()
              : "";
      return legacy + (generation.isPresent() ? generation.get().read() : "");
    }

    @Override
    public void close() throws IOException {
      if (generation.isPresent()) {
        generation.get().close();
      }
    }
  }

  @Test
  void onlyTablesThatAreThereAreAskedFor() throws IOException, InterruptedException {
    iptables("-t mangle -N " + CHAIN);
    List<String> before = TableSize.tables(AddressFamily.IPV4);
    for (String table : before) {
      assertThat(TableSize.read(AddressFamily.IPV4, table)).as(table).isPresent();
    }
    assertThat(TableSize.read(AddressFamily.IPV4, "nothing")).isEmpty();
    assertThat(TableSize.tables(AddressFamily.IPV4)).isEqualTo(before);
  }
}
