package io.kubeipvs.netlink.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.testing.FdLeakCheck;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every kernel has the controller, and nobody needs to be root to ask it. */
@ExtendWith(FdLeakCheck.class)
final class GenericNetlinkTest {
  @Test
  void controllerKnowsItself() throws IOException {
    try (GenericNetlink netlink = GenericNetlink.open("nlctrl", "none", NetlinkTrace.NONE)) {
      assertThat(netlink.family()).isEqualTo(new GenericFamily("nlctrl", 16, 2, 0));
    }
  }

  @Test
  void unknownFamilyNamesItsModule() {
    assertThatThrownBy(() -> GenericNetlink.open("NOSUCH", "no_such", NetlinkTrace.NONE))
        .isInstanceOf(UnknownFamilyException.class)
        .hasMessage(
            "the kernel has no generic netlink family NOSUCH: module no_such is not loaded");
  }

  @Test
  void familyWithoutAnIdIsMalformed() {
    AttributeWriter body = GenericNetlink.message(1, 2).string(2, "IPVS");
    NetlinkMessage message = new NetlinkMessage(16, 0, 1, 1, body.toBuffer());
    assertThatThrownBy(() -> GenericFamily.decode(message))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("IPVS");
  }
}
