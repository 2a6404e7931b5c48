package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubeipvs.ipset.netlink.NetlinkIpSets;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.NetlinkTrace;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernel's sets, as root in a network namespace without sets: {@code unshare -n}. Compared with
 * what the {@code ipset} tool makes and shows.
 */
class IpSetsKernelIT extends IpSetsContract {
  private static final SetName REFERRER = new SetName("contract-referrer");
  private static final SetName TOOL = new SetName("tool");

  private final IpSets sets;

  IpSetsKernelIT() throws IOException {
    sets = NetlinkIpSets.open(NetlinkTrace.NONE);
  }

  @BeforeEach
  void needsANamespaceOfItsOwn() throws IOException {
    assumeTrue(sets.headers().isEmpty(), "this network namespace has sets: run in a new one");
  }

  @Override
  IpSets sets() {
    return sets;
  }

  /** A set of sets holds references as a rule does. */
  @Override
  void refer(SetName name, int references) throws IOException {
    if (references == 0) {
      IpSetTool.restore("destroy " + REFERRER + "\n");
    } else {
      assertThat(references).isEqualTo(1);
      IpSetTool.restore("create " + REFERRER + " list:set\nadd " + REFERRER + " " + name + "\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheToolMadeReadsBack(SetType type) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      SetSpec spec = new SetSpec(TOOL, type, family, 65_536);
      String text = SetText.of(spec, Entries.samples(type, family));
      IpSetTool.restore(text);
      ObservedSet observed = sets.list(TOOL).orElseThrow();
      assertThat(SetText.of(Set.of(observed))).isEqualTo(text);
      assertThat(observed.entries()).isEqualTo(Entries.samples(type, family));
      assertThat(observed.header().serves(spec)).isTrue();
      IpSetTool.restore("destroy tool\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWeMadeTheToolSaves(SetType type) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      SetSpec spec = new SetSpec(TOOL, type, family, 70_000);
      Set<SetEntry> entries = Entries.samples(type, family);
      sets.execute(List.of(new SetCommand.Create(spec)));
      sets.execute(
          entries.stream().<SetCommand>map(entry -> new SetCommand.Add(TOOL, entry)).toList());
      assertThat(sortedLines(IpSetTool.save())).isEqualTo(sortedLines(SetText.of(spec, entries)));
      IpSetTool.restore("destroy tool\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void ourCreateIsTheToolsOwn(SetType type) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      SetSpec spec = new SetSpec(TOOL, type, family, 65_536);
      IpSetTool.restore("create " + spec + "\n");
      SetHeader tools = sets.headers().get(0);
      IpSetTool.restore("destroy tool\n");
      sets.execute(List.of(new SetCommand.Create(spec)));
      assertThat(sets.headers()).containsExactly(tools);
      IpSetTool.restore("destroy tool\n");
    }
  }

  @Test
  void extensionsDoNotHideEntries() throws IOException {
    IpSetTool.restore(
        """
        create tool hash:ip,port timeout 300 counters comment skbinfo
        add tool 10.0.0.1,tcp:80 timeout 100 packets 3 bytes 400 comment "a b" skbmark 0x10
        """);
    ObservedSet set = sets.list(TOOL).orElseThrow();
    assertThat(set.entries()).containsExactly(Entries.ipPort(1));
    assertThat(set.header().timeoutSeconds()).isEqualTo(300);
    assertThat(set.header().extensions()).isEqualTo(8 | 16 | 64);
    assertThat(set.header().serves(SetSpec.hash("tool", SetType.HASH_IP_PORT, AddressFamily.IPV4)))
        .isFalse();
  }

  @Test
  void setWithAMaskServesNothing() throws IOException {
    IpSetTool.restore("create tool hash:ip netmask 24\nadd tool 10.0.0.1\n");
    SetHeader header = sets.headers().get(0);
    assertThat(header.serves(SetSpec.hash("tool", SetType.HASH_IP, AddressFamily.IPV4))).isFalse();
  }

  @Test
  void forceaddSetServesNothing() throws IOException {
    IpSetTool.restore("create tool hash:ip forceadd\n");
    SetHeader header = sets.headers().get(0);
    assertThat(header.serves(SetSpec.hash("tool", SetType.HASH_IP, AddressFamily.IPV4))).isFalse();
  }

  @Test
  void smallerRangeServesNothing() throws IOException {
    IpSetTool.restore("create tool bitmap:port range 30000-32767\n");
    SetHeader header = sets.headers().get(0);
    assertThat(header.firstPort()).isEqualTo(30_000);
    assertThat(header.lastPort()).isEqualTo(32_767);
    assertThat(header.serves(SetSpec.ports("tool"))).isFalse();
    assertThat(sets.execute(List.of(new SetCommand.Add(TOOL, new SetEntry.Port(80)))))
        .singleElement()
        .asString()
        .contains("IPSET_ERR_BITMAP_RANGE");
  }

  @Test
  void exceptionsAreNotShownAsEntries() throws IOException {
    IpSetTool.restore(
        """
        create tool hash:ip,port,net
        add tool 10.0.0.1,tcp:80,10.0.0.0/8
        add tool 10.0.0.1,tcp:80,10.1.0.0/16 nomatch
        """);
    assertThat(sets.list(TOOL).orElseThrow().entries())
        .singleElement()
        .hasToString("10.0.0.1,tcp:80,10.0.0.0/8");
  }

  @Test
  void typesWeDoNotKnowAreListedByName() throws IOException {
    IpSetTool.restore(
        """
        create other hash:net
        add other 10.0.0.0/8
        create tool hash:ip
        create lists list:set
        add lists tool
        """);
    assertThat(sets.list())
        .extracting(set -> set.header().typeName() + set.entries())
        .containsExactlyInAnyOrder("hash:net[]", "hash:ip[]", "list:set[]");
    IpSetTool.restore("destroy lists\n");
  }

  /** The table is made larger several times while it is read. */
  @Test
  void listingDuringAdditionsMissesNothingThatWasThere() throws Exception {
    SetSpec spec = new SetSpec(TOOL, SetType.HASH_IP_PORT, AddressFamily.IPV4, 1 << 20);
    List<SetEntry> entries = Entries.ipPorts(100_000);
    List<SetEntry> before = entries.subList(0, 20_000);
    sets.execute(List.of(new SetCommand.Create(spec)));
    sets.execute(additions(before));
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<List<SetFailure>> failures = other.submit(() -> addMore(entries));
      do {
        assertThat(sets.list(TOOL).orElseThrow().entries()).containsAll(before);
      } while (!failures.isDone());
      assertThat(failures.get()).isEmpty();
    } finally {
      other.shutdown();
    }
    assertThat(sets.list(TOOL).orElseThrow().entries()).hasSize(100_000);
  }

  private static List<SetFailure> addMore(List<SetEntry> entries) throws IOException {
    try (IpSets connection = NetlinkIpSets.open(NetlinkTrace.NONE)) {
      return connection.execute(additions(entries));
    }
  }

  private static List<SetCommand> additions(List<SetEntry> entries) {
    return entries.stream().<SetCommand>map(entry -> new SetCommand.Add(TOOL, entry)).toList();
  }

  /** Without sizes the kernel or the tool chose. */
  private static String sortedLines(String save) {
    return Arrays.stream(save.split("\n"))
        .map(line -> line.replaceAll(" (hashsize|bucketsize|initval) \\S+", ""))
        .sorted()
        .collect(Collectors.joining("\n"));
  }
}
