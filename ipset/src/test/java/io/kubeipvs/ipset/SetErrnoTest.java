package io.kubeipvs.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.netlink.Errno;
import org.junit.jupiter.api.Test;

class SetErrnoTest {
  private static final SetName A = new SetName("A");

  @Test
  void numbersOfIpSetAreNamed() {
    SetCommand destroy = new SetCommand.Destroy(A);
    assertThat(SetErrno.refusal(destroy, SetErrno.BUSY, ""))
        .hasMessage(
            "ipset destroy A: errno 4100 (IPSET_ERR_BUSY: a rule or another set refers to"
                + " the set)");
    for (int number = 4097; number <= 4112; number++) {
      assertThat(SetErrno.refusal(destroy, new Errno(number), "").kernelMessage())
          .startsWith("IPSET_ERR_");
    }
  }

  @Test
  void sameNumberMeansAnotherThingForAnotherType() {
    Errno number = new Errno(4352);
    assertThat(SetErrno.refusal(new SetCommand.Add(A, Entries.ipPort(1)), number, ""))
        .hasMessageContaining("IPSET_ERR_HASH_FULL");
    assertThat(SetErrno.refusal(new SetCommand.Add(A, new SetEntry.Port(80)), number, ""))
        .hasMessageContaining("IPSET_ERR_BITMAP_RANGE");
  }

  @Test
  void systemsAndUnknownNumbersStandAlone() {
    assertThat(SetErrno.refusal(new SetCommand.Flush(A), Errno.ENOENT, ""))
        .hasMessage("ipset flush A: ENOENT");
    assertThat(SetErrno.refusal(new SetCommand.Flush(A), new Errno(4999), ""))
        .hasMessage("ipset flush A: errno 4999");
  }

  @Test
  void kernelsOwnWordsComeFirst() {
    assertThat(SetErrno.refusal(new SetCommand.Flush(A), SetErrno.BUSY, "not now"))
        .hasMessage("ipset flush A: errno 4100 (not now)");
  }
}
