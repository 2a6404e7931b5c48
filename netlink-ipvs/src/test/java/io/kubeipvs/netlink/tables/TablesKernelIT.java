package io.kubeipvs.netlink.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.TableSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    run("iptables -w " + arguments);
  }

  private static void run(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command.split(" ", -1)).inheritIO().start();
    assertThat(process.waitFor()).as(command).isZero();
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

  /** No iptables tool shows such a table; nft need not be there to find it. */
  @Test
  void tablesOfEveryFamilyAreListedAsNftWritesThem() throws IOException, InterruptedException {
    iptables("-t mangle -N " + CHAIN);
    List<String> made = List.of("ip kube-ipvs-test", "ip6 kube-ipvs-test", "inet kube-ipvs-test");
    try (Watched watched = new Watched()) {
      NfTables tables = watched.orSkip();
      try {
        for (String table : made) {
          run("nft add table " + table);
        }
        assertThat(tables.tables()).containsAll(made);
      } finally {
        for (String table : made) {
          run("nft delete table " + table);
        }
      }
      assertThat(tables.tables()).doesNotContainAnyElementsOf(made);
    }
  }

  @Test
  void whetherAChainLeadsToAnotherIsSeenUntilSomebodyFlushesIt()
      throws IOException, InterruptedException {
    iptables("-t mangle -N " + CHAIN);
    try (Watched watched = new Watched()) {
      NfTables tables = watched.orSkip();
      assertThat(leads(tables)).isFalse();
      iptables("-t mangle -A INPUT -s 192.0.2.1 -m comment --comment x -j " + CHAIN);
      assertThat(leads(tables)).isTrue();
      assertThat(tables.leads(AddressFamily.IPV4, "mangle", "INPUT", "KUBE-IPVS-TES")).isFalse();
      assertThat(tables.leads(AddressFamily.IPV4, "mangle", "FORWARD", CHAIN)).isFalse();
      assertThat(tables.leads(AddressFamily.IPV4, "nothing", "INPUT", CHAIN)).isFalse();
      assertThat(tables.leads(AddressFamily.IPV4, "mangle", "NOTHING", CHAIN)).isFalse();
      iptables("-t mangle -F INPUT");
      assertThat(leads(tables)).isFalse();
    }
  }

  private static boolean leads(NfTables tables) throws IOException {
    return tables.leads(AddressFamily.IPV4, "mangle", "INPUT", CHAIN);
  }

  private static boolean isOfNfTables() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("iptables", "--version").start();
    String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return version.contains("nf_tables");
  }

  private static final class Watched implements AutoCloseable {
    private final Optional<NfTables> tables = NfTables.open(NetlinkTrace.NONE);

    Watched() throws IOException {}

    String look() throws IOException {
      String legacy =
          TableSize.tables(AddressFamily.IPV4).contains("mangle")
              ? TableSize.read(AddressFamily.IPV4, "mangle").toString()
              : "";
      return legacy + (tables.isPresent() ? tables.get().generation() : "");
    }

    /** User-mode Linux has nf_tables that keep no table; the tools are the legacy ones there. */
    NfTables orSkip() throws IOException, InterruptedException {
      assumeTrue(isOfNfTables() && tables.isPresent(), "iptables does not work with nf_tables");
      return tables.get();
    }

    @Override
    public void close() throws IOException {
      if (tables.isPresent()) {
        tables.get().close();
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
