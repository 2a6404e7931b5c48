package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real tools, of both kinds and families, in namespaces of their own. Needs root. */
class IptablesKernelIT {
  private static final String NO_NFT = "the nft tools do not work with this kernel";

  @Nested
  class LegacyIpv4 extends Suite {
    LegacyIpv4() {
      super("iptables-legacy", Family.IPV4);
    }
  }

  @Nested
  class LegacyIpv6 extends Suite {
    LegacyIpv6() {
      super("iptables-legacy", Family.IPV6);
    }
  }

  @Nested
  @Tag("nft")
  class NftIpv4 extends Suite {
    NftIpv4() {
      super("iptables-nft", Family.IPV4);
    }
  }

  @Nested
  @Tag("nft")
  class NftIpv6 extends Suite {
    NftIpv6() {
      super("iptables-nft", Family.IPV6);
    }
  }

  /**
   * User-mode Linux has nf_tables, but not its families for IP; the legacy tools may stand under
   * the nft names there. Legacy tools must work wherever these tests run.
   */
  private static boolean nftWorks(Namespace namespace) throws InterruptedException {
    try {
      return namespace.run("", "iptables-nft", "--version").contains("nf_tables")
          && namespace.run("", "iptables-nft", "-t", "nat", "-S").contains("-P OUTPUT");
    } catch (IOException e) {
      return false;
    }
  }

  abstract static class Suite implements IptablesContract {
    private final String program;
    private final Family family;
    private Namespace namespace;
    private IptablesTools tools;

    @SuppressWarnings("NullAway.Init") // both are set before each test
    Suite(String program, Family family) {
      this.program = program;
      this.family = family;
    }

    @BeforeEach
    void openNamespace() throws Exception {
      namespace = Namespace.create();
      assumeTrue(program.endsWith("legacy") || nftWorks(namespace), NO_NFT);
      ToolOptions options =
          ToolOptions.DEFAULT.withProgram(program).withCommandPrefix(namespace.prefix());
      tools = IptablesTools.open(family, options);
      String inet = family == Family.IPV6 ? "inet6" : "inet";
      namespace.run("", "ipset", "create", RuleKinds.SET, "hash:ip,port", "family", inet);
      namespace.run("", "ipset", "create", RuleKinds.PORT_SET, "bitmap:port", "range", "0-65535");
    }

    @AfterEach
    void closeNamespace() throws Exception {
      namespace.close();
    }

    @Override
    public Iptables iptables() {
      return tools;
    }

    @Override
    public void load(String text) throws IOException {
      try {
        namespace.run(text, tools.program() + "-restore", "--noflush");
      } catch (InterruptedException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }

    @Test
    void theIpvsMatchIsPrintedAsRendered() throws Exception {
      assumeTrue(hasIpvsMatch(), "this kernel has no xt_ipvs");
      RuleKinds.Case kind = RuleKinds.virtualServiceCase(family);
      ChainKey chain = ChainKey.of(kind.table(), RuleKinds.CHAIN);
      RuleSet wanted = RuleSet.of(family, Map.of(chain, List.of(kind.rule())), List.of());
      tools.restore(RuleDiffer.diff(wanted, tools.save()));
      assertThat(tools.save().table(kind.table()).rules(RuleKinds.CHAIN))
          .containsExactly(kind.text());
    }

    private boolean hasIpvsMatch() throws InterruptedException {
      try {
        namespace.run("", tools.program(), "-A", "INPUT", "-m", "ipvs", "--ipvs", "-j", "DROP");
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    @Test
    void theFakePrintsWhatTheToolPrints() throws Exception {
      FakeIptables fake = new FakeIptables(family, RuleKinds::setExists);
      RuleSet wanted =
          RuleSet.of(
              family,
              Map.of(A, List.of(RETURN, TO_B), B, List.of()),
              List.of(OUTPUT_TO_A, OUTPUT_TO_B));
      Restore restore = RuleDiffer.diff(wanted, SavedRules.NONE);
      fake.restore(restore);
      tools.restore(restore);
      assertThat(fake.save().text())
          .isEqualTo(new SavedRules(tools.save().tables(), List.of()).text());
    }

    @Test
    void aLineFeedInSomebodysCommentIsReadAsPartOfIt() throws Exception {
      namespace.run(
          "", tools.program(), "-A", "INPUT", "-m", "comment", "--comment", "a\n-A INPUT -j DROP");
      assertThat(tools.save().table(Table.FILTER).rules("INPUT"))
          .containsExactly("-m comment --comment \"a\n-A INPUT -j DROP\"");
    }
  }

  @Test
  @Tag("nft")
  void whatTheNftToolCannotShowIsNoticed() throws Exception {
    try (Namespace namespace = Namespace.create()) {
      assumeTrue(nftWorks(namespace), NO_NFT);
      assumeTrue(Files.exists(Path.of("/usr/sbin/nft")), "nft is not installed");
      namespace.run("", "iptables-nft", "-t", "nat", "-A", "POSTROUTING", "-j", "RETURN");
      namespace.run("", "nft", "add", "rule", "ip", "nat", "POSTROUTING", "masquerade");
      namespace.run("", "iptables-legacy", "-N", "OLD");
      ToolOptions options = ToolOptions.DEFAULT.withCommandPrefix(namespace.prefix());
      SavedRules saved =
          IptablesTools.open(Family.IPV4, options.withProgram("iptables-nft")).save();
      assertThat(saved.isUnreadable(Table.NAT)).isTrue();
      assertThat(saved.isUnreadable(Table.FILTER)).isFalse();
      assertThat(saved.notes())
          .contains(
              "Warning: iptables-legacy tables present, use iptables-legacy-save to see them");
    }
  }

  @Test
  void theHolderOfTheLockIsNamed(@TempDir Path directory) throws Exception {
    Path lock = Files.createFile(directory.resolve("xtables.lock"));
    Process holder = new ProcessBuilder("flock", lock.toString(), "cat").start();
    try (Namespace namespace = Namespace.create()) {
      awaitLocked(lock);
      ToolOptions options =
          new ToolOptions(
              Optional.of("iptables-legacy"),
              namespace.prefix(),
              Map.of("XTABLES_LOCKFILE", lock.toString()),
              Duration.ofSeconds(1),
              Duration.ofSeconds(20));
      IptablesTools tools = IptablesTools.open(Family.IPV4, options);
      Restore restore =
          RuleDiffer.diff(
              RuleSet.of(
                  Family.IPV4, Map.of(ChainKey.of(Table.NAT, "KUBE-A"), List.of()), List.of()),
              SavedRules.NONE);
      assertThatThrownBy(() -> tools.restore(restore))
          .isInstanceOf(XtablesLockException.class)
          .hasMessage(
              "iptables-legacy-restore waited 1 s for %s, held by pid %d (flock %s cat)",
              lock, holder.pid(), lock);
    } finally {
      holder.getOutputStream().close();
      holder.waitFor();
    }
  }

  private static void awaitLocked(Path lock) throws Exception {
    while (new ProcessBuilder("flock", "-n", lock.toString(), "true").start().waitFor() == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aMissingToolIsSaidInOneSentence() throws Exception {
    assertThatThrownBy(
            () -> IptablesTools.open(Family.IPV6, ToolOptions.DEFAULT.withProgram("iptables-none")))
        .isInstanceOf(MissingToolException.class)
        .hasMessage("ip6tables-none was not found in PATH: install the iptables package");
    try (Namespace namespace = Namespace.create()) {
      ToolOptions inside =
          ToolOptions.DEFAULT.withCommandPrefix(namespace.prefix()).withProgram("iptables-none");
      assertThatThrownBy(() -> IptablesTools.open(Family.IPV4, inside))
          .isInstanceOf(MissingToolException.class);
    }
  }

  @Test
  @Tag("nft")
  void theKindWithTheHintIsChosen() throws Exception {
    try (Namespace namespace = Namespace.create()) {
      ToolOptions options = ToolOptions.DEFAULT.withCommandPrefix(namespace.prefix());
      assumeTrue(nftWorks(namespace), NO_NFT);
      namespace.run("", "iptables-legacy", "-t", "mangle", "-N", "KUBE-IPTABLES-HINT");
      assertThat(IptablesTools.detect(options)).isEqualTo("iptables-legacy");
      assertThat(IptablesTools.open(Family.IPV6, options).program()).isEqualTo("ip6tables-legacy");
    }
  }
}
