package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link IpSets} does, that of the kernel and that of the tests. */
abstract class IpSetsContract {
  private static final SetName A = new SetName("contract-a");
  private static final SetName B = new SetName("contract-b");
  private static final SetName MISSING = new SetName("contract-missing");

  /** The sets under test, the same ones within a test, empty at its start. */
  abstract IpSets sets() throws IOException;

  /** Makes that many rules refer to the set. */
  abstract void refer(SetName name, int references) throws IOException;

  @AfterEach
  final void removeSets() throws IOException {
    for (SetHeader header : sets().headers()) {
      if (header.references() > 0) {
        refer(header.name(), 0);
      }
      execute(new SetCommand.Destroy(header.name()));
    }
    assertThat(sets().headers()).isEmpty();
    sets().close();
  }

  @Test
  void createdSetReadsBackAsItWasMade() throws IOException {
    for (SetType type : SetType.values()) {
      for (AddressFamily family : AddressFamily.values()) {
        SetSpec spec = new SetSpec(A, type, family, 70_000);
        assertThat(execute(new SetCommand.Create(spec))).isEmpty();
        SetHeader header = header(A);
        assertThat(header.serves(spec)).as("%s", header).isTrue();
        assertThat(header.typeName()).isEqualTo(type.typeName());
        assertThat(header.maximumElements()).isEqualTo(spec.maximumElements());
        assertThat(header.extensions()).isZero();
        assertThat(header.timeoutSeconds()).isEqualTo(-1);
        assertThat(header.references()).isZero();
        assertThat(header.elements()).isZero();
        assertThat(execute(new SetCommand.Destroy(A))).isEmpty();
      }
    }
  }

  @Test
  void setServesNoSpecThatDiffersFromIt() throws IOException {
    SetSpec spec = SetSpec.hash(A.value(), SetType.HASH_IP_PORT, AddressFamily.IPV4);
    create(spec);
    SetHeader header = header(A);
    assertThat(header.serves(new SetSpec(A, spec.type(), spec.family(), 65_537))).isFalse();
    assertThat(header.serves(new SetSpec(A, spec.type(), spec.family(), 1_000))).isTrue();
    assertThat(header.serves(new SetSpec(A, spec.type(), AddressFamily.IPV6, 65_536))).isFalse();
    assertThat(header.serves(new SetSpec(A, SetType.HASH_IP, spec.family(), 65_536))).isFalse();
    assertThat(header.serves(SetSpec.ports(A.value()))).isFalse();
  }

  @Test
  void entriesOfEveryTypeReadBack() throws IOException {
    for (SetType type : SetType.values()) {
      for (AddressFamily family : AddressFamily.values()) {
        create(new SetSpec(A, type, family, 65_536));
        Set<SetEntry> entries = Entries.samples(type, family);
        assertThat(sets().execute(additions(A, entries))).isEmpty();
        assertThat(entries(A)).isEqualTo(entries);
        assertThat(header(A).elements()).isEqualTo(entries.size());
        assertThat(sets().execute(deletions(A, entries))).isEmpty();
        assertThat(entries(A)).isEmpty();
        execute(new SetCommand.Destroy(A));
      }
    }
  }

  @Test
  void listShowsAllSetsAndListOfOneThatOne() throws IOException {
    create(ipPort(A));
    create(SetSpec.ports(B.value()));
    execute(new SetCommand.Add(B, new SetEntry.Port(30_080)));
    assertThat(sets().list())
        .extracting(set -> set.header().name())
        .containsExactlyInAnyOrder(A, B);
    assertThat(sets().list(B))
        .hasValueSatisfying(
            set -> assertThat(set.entries()).containsExactly(new SetEntry.Port(30_080)));
    assertThat(sets().list(MISSING)).isEmpty();
  }

  @Test
  void listingIsInOrder() throws IOException {
    create(ipPort(A));
    sets().execute(additions(A, Entries.ipPorts(5_000)));
    assertThat(entries(A)).isEqualTo(new TreeSet<>(Entries.ipPorts(5_000)));
    assertThat(List.copyOf(entries(A))).isSorted();
  }

  @Test
  void addingTwiceAndDeletingTwiceIsNoError() throws IOException {
    create(ipPort(A));
    SetEntry entry = Entries.ipPort(1);
    assertThat(execute(new SetCommand.Add(A, entry), new SetCommand.Add(A, entry))).isEmpty();
    assertThat(entries(A)).containsExactly(entry);
    assertThat(execute(new SetCommand.Delete(A, entry), new SetCommand.Delete(A, entry))).isEmpty();
    assertThat(entries(A)).isEmpty();
  }

  @Test
  void existingNameIsNotCreatedAgain() throws IOException {
    create(ipPort(A));
    assertThat(execute(new SetCommand.Create(ipPort(A)))).satisfiesExactly(is(Errno.EEXIST));
    assertThat(execute(new SetCommand.Create(SetSpec.ports(A.value()))))
        .satisfiesExactly(is(Errno.EEXIST));
  }

  @Test
  void commandsOnAMissingSetAreRefused() throws IOException {
    create(ipPort(A));
    assertThat(
            execute(
                new SetCommand.Destroy(MISSING),
                new SetCommand.Flush(MISSING),
                new SetCommand.Add(MISSING, Entries.ipPort(1)),
                new SetCommand.Delete(MISSING, Entries.ipPort(1)),
                new SetCommand.Swap(MISSING, A),
                new SetCommand.Rename(MISSING, B)))
        .hasSize(6)
        .allSatisfy(is(Errno.ENOENT));
  }

  @Test
  void everyEntryForAMissingSetIsReported() throws IOException {
    List<SetCommand> commands = additions(MISSING, Entries.ipPorts(2_000));
    assertThat(sets().execute(commands)).extracting(SetFailure::command).isEqualTo(commands);
  }

  @Test
  void flushEmptiesTheSet() throws IOException {
    create(ipPort(A));
    sets().execute(additions(A, Entries.ipPorts(10)));
    assertThat(execute(new SetCommand.Flush(A))).isEmpty();
    assertThat(entries(A)).isEmpty();
  }

  @Test
  void referencedSetIsNeitherDestroyedNorRenamed() throws IOException {
    create(ipPort(A));
    refer(A, 1);
    assertThat(header(A).references()).isEqualTo(1);
    assertThat(execute(new SetCommand.Destroy(A))).satisfiesExactly(is(SetErrno.BUSY));
    assertThat(execute(new SetCommand.Rename(A, B))).satisfiesExactly(is(SetErrno.REFERENCED));
    refer(A, 0);
    assertThat(execute(new SetCommand.Rename(A, B), new SetCommand.Destroy(B))).isEmpty();
  }

  @Test
  void swapExchangesContentsAndLeavesReferences() throws IOException {
    create(ipPort(A));
    create(new SetSpec(B, SetType.HASH_IP_PORT, AddressFamily.IPV4, 100_000));
    execute(new SetCommand.Add(A, Entries.ipPort(1)), new SetCommand.Add(B, Entries.ipPort(2)));
    refer(A, 1);
    assertThat(execute(new SetCommand.Swap(A, B))).isEmpty();
    assertThat(entries(A)).containsExactly(Entries.ipPort(2));
    assertThat(entries(B)).containsExactly(Entries.ipPort(1));
    assertThat(header(A).maximumElements()).isEqualTo(100_000);
    assertThat(header(A).references()).isEqualTo(1);
    assertThat(header(B).references()).isZero();
  }

  @Test
  void swapOfDifferentSetsIsRefused() throws IOException {
    create(ipPort(A));
    create(SetSpec.ports(B.value()));
    assertThat(execute(new SetCommand.Swap(A, B))).satisfiesExactly(is(SetErrno.TYPE_MISMATCH));
    execute(new SetCommand.Destroy(B));
    create(SetSpec.hash(B.value(), SetType.HASH_IP_PORT, AddressFamily.IPV6));
    assertThat(execute(new SetCommand.Swap(A, B))).satisfiesExactly(is(SetErrno.TYPE_MISMATCH));
    assertThat(execute(new SetCommand.Swap(A, MISSING)))
        .satisfiesExactly(is(SetErrno.EXIST_SETNAME2));
  }

  @Test
  void swapOfTypesThatTakeTheSameEntriesIsRefused() throws IOException {
    create(SetSpec.hash(A.value(), SetType.HASH_IP_PORT_IP, AddressFamily.IPV4));
    create(SetSpec.hash(B.value(), SetType.HASH_IP_PORT_NET, AddressFamily.IPV4));
    assertThat(execute(new SetCommand.Swap(A, B))).satisfiesExactly(is(SetErrno.TYPE_MISMATCH));
  }

  @Test
  void renameKeepsTheEntries() throws IOException {
    create(ipPort(A));
    execute(new SetCommand.Add(A, Entries.ipPort(1)));
    assertThat(execute(new SetCommand.Rename(A, B))).isEmpty();
    assertThat(entries(B)).containsExactly(Entries.ipPort(1));
    assertThat(sets().list(A)).isEmpty();
  }

  @Test
  void renameToAnExistingNameIsRefused() throws IOException {
    create(ipPort(A));
    create(ipPort(B));
    assertThat(execute(new SetCommand.Rename(A, B))).satisfiesExactly(is(SetErrno.EXIST_SETNAME2));
  }

  @Test
  void fullSetRefusesMoreButKnowsItsOwn() throws IOException {
    create(new SetSpec(A, SetType.HASH_IP_PORT, AddressFamily.IPV4, 3));
    List<SetFailure> failures = sets().execute(additions(A, Entries.ipPorts(5)));
    assertThat(failures).hasSize(2).allSatisfy(is(SetErrno.HASH_FULL));
    assertThat(failures.get(0).toString())
        .isEqualTo(
            "ipset add contract-a 10.0.0.3,tcp:80: errno 4352 (IPSET_ERR_HASH_FULL: the set has"
                + " maxelem entries)");
    assertThat(sets().execute(additions(A, Entries.ipPorts(3)))).isEmpty();
    assertThat(header(A).elements()).isEqualTo(3);
  }

  @Test
  void entriesThatDoNotFitAreRefused() throws IOException {
    IpAddress v4 = IpAddress.of("10.0.0.1");
    IpAddress v6 = IpAddress.of("fd00::1");
    create(SetSpec.hash(A.value(), SetType.HASH_IP, AddressFamily.IPV4));
    create(SetSpec.hash(B.value(), SetType.HASH_IP_PORT, AddressFamily.IPV6));
    assertThat(
            execute(
                new SetCommand.Add(A, new SetEntry.Ip(v6)),
                new SetCommand.Add(A, new SetEntry.IpPort(v4, Protocol.TCP, 80)),
                new SetCommand.Add(A, new SetEntry.Port(80)),
                new SetCommand.Add(B, new SetEntry.Ip(v6)),
                new SetCommand.Add(B, new SetEntry.IpPort(v4, Protocol.TCP, 80)),
                new SetCommand.Delete(B, new SetEntry.IpPort(v4, Protocol.TCP, 80)),
                new SetCommand.Add(B, new SetEntry.IpPortIp(v6, Protocol.TCP, 80, v6))))
        .hasSize(7)
        .allSatisfy(is(SetErrno.PROTOCOL));
    assertThat(execute(new SetCommand.Add(A, new SetEntry.Ip(IpAddress.of("0.0.0.0")))))
        .satisfiesExactly(is(SetErrno.HASH_ELEM));
    assertThat(execute(new SetCommand.Add(B, new SetEntry.IpPort(v6, new Protocol(0), 80))))
        .satisfiesExactly(is(SetErrno.INVALID_PROTO));
  }

  @Test
  void hostNetworkIsWhatASecondAddressBecomes() throws IOException {
    IpAddress address = IpAddress.of("10.0.0.1");
    create(SetSpec.hash(A.value(), SetType.HASH_IP_PORT_NET, AddressFamily.IPV4));
    execute(new SetCommand.Add(A, new SetEntry.IpPortIp(address, Protocol.TCP, 80, address)));
    assertThat(entries(A))
        .containsExactly(new SetEntry.IpPortNet(address, Protocol.TCP, 80, IpPrefix.host(address)));
  }

  @Test
  void protocolsWithoutPortsLoseTheirs() throws IOException {
    IpAddress address = IpAddress.of("10.0.0.1");
    create(ipPort(A));
    execute(new SetCommand.Add(A, new SetEntry.IpPort(address, new Protocol(47), 80)));
    assertThat(entries(A)).containsExactly(new SetEntry.IpPort(address, new Protocol(47), 0));
  }

  @Test
  void refusedEntriesAreToldFromTheirGoodNeighbours() throws IOException {
    create(ipPort(A));
    List<SetCommand> commands = new ArrayList<>(additions(A, Entries.ipPorts(3_000)));
    SetEntry stranger = new SetEntry.IpPort(IpAddress.of("fd00::1"), Protocol.TCP, 80);
    for (int index : List.of(0, 700, 701, 1_599, 2_999)) {
      commands.add(index, new SetCommand.Add(A, stranger));
    }
    assertThat(sets().execute(commands))
        .hasSize(5)
        .allSatisfy(failure -> assertThat(failure.command()).isEqualTo(commands.get(0)))
        .allSatisfy(is(SetErrno.PROTOCOL));
    assertThat(entries(A)).isEqualTo(new TreeSet<>(Entries.ipPorts(3_000)));
  }

  @Test
  void failuresComeInTheOrderOfTheCommands() throws IOException {
    create(ipPort(A));
    SetEntry stranger = new SetEntry.IpPort(IpAddress.of("fd00::1"), Protocol.TCP, 80);
    List<SetCommand> commands =
        List.of(
            new SetCommand.Add(A, stranger),
            new SetCommand.Add(A, Entries.ipPort(1)),
            new SetCommand.Destroy(MISSING),
            new SetCommand.Delete(A, stranger),
            new SetCommand.Create(ipPort(A)));
    assertThat(sets().execute(commands))
        .extracting(SetFailure::command)
        .containsExactly(commands.get(0), commands.get(2), commands.get(3), commands.get(4));
  }

  @Test
  void refusalDoesNotChangeTheOrderOfWhatFollows() throws IOException {
    create(ipPort(A));
    create(ipPort(B));
    SetEntry stranger = new SetEntry.IpPort(IpAddress.of("fd00::1"), Protocol.TCP, 80);
    SetEntry first = Entries.ipPort(1);
    SetEntry second = Entries.ipPort(2);
    execute(
        new SetCommand.Add(A, stranger),
        new SetCommand.Add(A, first),
        new SetCommand.Add(A, second),
        new SetCommand.Delete(A, stranger),
        new SetCommand.Delete(A, first),
        new SetCommand.Swap(A, B));
    assertThat(entries(A)).isEmpty();
    assertThat(entries(B)).containsExactly(second);
  }

  @Test
  void setGrowsBeyondItsMaximumWithoutLosingAnEntry() throws IOException {
    create(ipPort(A));
    Set<SetEntry> entries = new TreeSet<>(Entries.ipPorts(70_000));
    List<SetFailure> refused = sets().execute(additions(A, entries));
    // The kernel counts by regions of the table, so a large set takes a few more than maxelem.
    assertThat(refused).hasSizeGreaterThan(3_000).allSatisfy(is(SetErrno.HASH_FULL));
    assertThat(header(A).elements()).isEqualTo(70_000 - refused.size());
    refer(A, 1);
    SetSpec larger = new SetSpec(A, SetType.HASH_IP_PORT, AddressFamily.IPV4, 131_072);
    List<SetCommand> growth = SetGrowth.commands(larger, entries);
    assertThat(sets().execute(growth)).isEmpty();
    assertThat(header(A).serves(larger)).isTrue();
    assertThat(header(A).references()).isEqualTo(1);
    assertThat(entries(A)).isEqualTo(entries);
    assertThat(sets().list(SetGrowth.temporaryName(A))).isEmpty();
  }

  @Test
  void hostileNamesAreJustNames() throws IOException {
    List<String> names =
        List.of(" ", "-X", "a b", "';--", "\n", "$(x)", "ä", "x".repeat(SetName.MAXIMUM_LENGTH));
    for (String name : names) {
      create(SetSpec.hash(name, SetType.HASH_IP, AddressFamily.IPV4));
    }
    assertThat(sets().headers())
        .extracting(header -> header.name().value())
        .containsExactlyInAnyOrderElementsOf(names);
    assertThat(sets().list(new SetName("\n"))).isPresent();
  }

  private void create(SetSpec spec) throws IOException {
    assertThat(execute(new SetCommand.Create(spec))).isEmpty();
  }

  private List<SetFailure> execute(SetCommand... commands) throws IOException {
    return sets().execute(List.of(commands));
  }

  private SetHeader header(SetName name) throws IOException {
    return sets().headers().stream()
        .filter(header -> header.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Set<SetEntry> entries(SetName name) throws IOException {
    Optional<ObservedSet> set = sets().list(name);
    return set.orElseThrow().entries();
  }

  private static SetSpec ipPort(SetName name) {
    return SetSpec.hash(name.value(), SetType.HASH_IP_PORT, AddressFamily.IPV4);
  }

  private static Consumer<SetFailure> is(Errno errno) {
    return failure -> assertThat(failure.cause().errno()).as("%s", failure).isEqualTo(errno);
  }

  private static List<SetCommand> additions(SetName name, Collection<? extends SetEntry> entries) {
    return entries.stream().<SetCommand>map(entry -> new SetCommand.Add(name, entry)).toList();
  }

  private static List<SetCommand> deletions(SetName name, Collection<? extends SetEntry> entries) {
    return entries.stream().<SetCommand>map(entry -> new SetCommand.Delete(name, entry)).toList();
  }
}
