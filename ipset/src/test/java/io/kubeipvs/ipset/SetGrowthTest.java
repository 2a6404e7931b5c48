package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetGrowthTest {
  private static final SetName NAME = new SetName("KUBE-CLUSTER-IP");
  private static final SetSpec SMALL = spec(3);
  private static final SetSpec LARGE = spec(8);

  private final FakeIpSets sets = new FakeIpSets();

  @Test
  void commandsPrintInTheirOrder() throws IOException {
    sets.tamper(new SetCommand.Create(SMALL));
    String temporary = "KUBE-IPVS-GROW-" + "%08x".formatted("KUBE-CLUSTER-IP".hashCode());
    assertThat(growth(1))
        .extracting(SetCommand::toString)
        .containsExactly(
            "create " + temporary + " hash:ip,port family inet maxelem 8",
            "add " + temporary + " 10.0.0.0,tcp:80",
            "swap KUBE-CLUSTER-IP " + temporary,
            "destroy " + temporary);
  }

  @Test
  void temporaryNameFitsWhateverTheName() {
    SetName longest = new SetName("x".repeat(SetName.MAXIMUM_LENGTH));
    assertThat(SetGrowth.temporaryName(longest).value())
        .startsWith(SetGrowth.TEMPORARY_PREFIX)
        .hasSizeLessThanOrEqualTo(SetName.MAXIMUM_LENGTH)
        .isNotEqualTo(SetGrowth.temporaryName(NAME).value());
  }

  @Test
  void failedCreationChangesNothing() throws IOException {
    sets.tamper(new SetCommand.Create(SMALL), new SetCommand.Add(NAME, Entries.ipPort(7)));
    List<SetCommand> growth = growth(5);
    sets.refuse(
        command ->
            command instanceof SetCommand.Create ? Optional.of(Errno.ENOMEM) : Optional.empty());
    String before = sets.dump();
    assertThat(sets.execute(growth)).hasSize(growth.size());
    assertThat(sets.dump()).isEqualTo(before);
  }

  @Test
  void roomIsAPowerOfTwoWithHalfAsMuchToSpare() {
    assertThat(SetGrowth.roomFor(65_537)).isEqualTo(131_072);
    assertThat(SetGrowth.roomFor(100_000)).isEqualTo(262_144);
    assertThat(SetGrowth.roomFor(1_300_000_000)).isEqualTo(1 << 30);
  }

  private static List<SetCommand> growth(int entries) {
    return SetGrowth.commands(LARGE, Entries.ipPorts(entries));
  }

  private static SetSpec spec(int maximum) {
    return new SetSpec(NAME, SetType.HASH_IP_PORT, AddressFamily.IPV4, maximum);
  }
}
