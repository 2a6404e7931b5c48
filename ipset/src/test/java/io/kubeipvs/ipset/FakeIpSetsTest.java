package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeIpSetsTest extends IpSetsContract {
  private static final SetName NAME = new SetName("fake");
  private static final SetSpec SPEC =
      SetSpec.hash("fake", SetType.HASH_IP_PORT, AddressFamily.IPV4);

  private final FakeIpSets sets = new FakeIpSets();

  @Override
  IpSets sets() {
    return sets;
  }

  @Override
  void refer(SetName name, int references) {
    sets.setReferences(name, references);
  }

  @Test
  void callsAndWritesAreCounted() throws IOException {
    sets.execute(List.of(new SetCommand.Create(SPEC), new SetCommand.Add(NAME, Entries.ipPort(1))));
    var unused = sets.headers();
    assertThat(sets.calls()).isEqualTo(2);
    assertThat(sets.writes()).isEqualTo(2);
    sets.forget();
    assertThat(sets.writes()).isZero();
  }

  @Test
  void tamperingIsNotCounted() throws IOException {
    sets.tamper(new SetCommand.Create(SPEC), new SetCommand.Add(NAME, Entries.ipPort(1)));
    assertThat(sets.writes()).isZero();
    assertThat(sets.dump())
        .isEqualTo(
            "create fake hash:ip,port family inet maxelem 65536\nadd fake 10.0.0.1,tcp:80\n");
    assertThatThrownBy(() -> sets.tamper(new SetCommand.Create(SPEC)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tamperedHeaderIsListed() throws IOException {
    sets.tamper(new SetCommand.Create(SPEC));
    sets.tamperHeader(NAME, header -> TestHeaders.withExtensions(header, 8));
    assertThat(sets.headers().get(0).serves(SPEC)).isFalse();
  }

  @Test
  void refusalsAreAsWished() throws IOException {
    sets.refuse(command -> Optional.of(Errno.ENOMEM));
    assertThat(sets.execute(List.of(new SetCommand.Create(SPEC))))
        .singleElement()
        .hasToString("ipset create fake hash:ip,port family inet maxelem 65536: ENOMEM");
    sets.refuse(command -> Optional.empty());
    assertThat(sets.headers()).isEmpty();
  }

  @Test
  void wishedFailureHappensOnce() throws IOException {
    sets.failNextCall(new IOException("gone"));
    assertThatThrownBy(sets::list).hasMessage("gone");
    assertThat(sets.list()).isEmpty();
  }
}
