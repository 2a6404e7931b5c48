package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.sync.FakeKernel;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IpvsPartsTest {
  private final FakeKernel fake = new FakeKernel();

  @Test
  void rulesThatAreAlwaysRefusedBecauseOfTheSetAreALack() throws Exception {
    assertThatThrownBy(() -> IpvsParts.tryRules(refusing("--match-set", Integer.MAX_VALUE)))
        .isInstanceOf(MissingKernelPartException.class)
        .hasMessageContaining("load the module xt_set");
    assertThat(fake.sets.headers()).isEmpty();
  }

  @Test
  void aRuleThatIsRefusedOnceIsNoLack() throws Exception {
    IpvsParts.tryRules(refusing("--match-set", 1));

    assertThat(fake.sets.headers()).isEmpty();
    assertThat(fake.iptables.save().text()).doesNotContain("KUBE-IPVS-PROBE");
  }

  @Test
  void toolsThatRefuseEverythingAreNoLackOfTheKernels() {
    assertThatThrownBy(() -> IpvsParts.tryRules(refusing("*filter", Integer.MAX_VALUE)))
        .isInstanceOf(IptablesException.class);
  }

  /** The tools refuse, so many times, what contains that text. */
  private Kernel refusing(String text, int times) {
    Kernel kernel = fake.gateways();
    return new Kernel(
        kernel.ipvs(),
        kernel.sets(),
        kernel.routes(),
        kernel.conntrack(),
        Map.of(AddressFamily.IPV4, new Refusing(fake.iptables, text, times)));
  }

  private static final class Refusing implements Iptables {
    private final Iptables inner;
    private final String text;
    private int times;

    Refusing(Iptables inner, String text, int times) {
      this.inner = inner;
      this.text = text;
      this.times = times;
    }

    @Override
    public Family family() {
      return inner.family();
    }

    @Override
    public SavedRules save() throws IOException {
      return inner.save();
    }

    @Override
    public void restore(Restore restore) throws IOException {
      if (restore.text().contains(text) && times-- > 0) {
        throw new IptablesException("iptables-restore", 3, text, "Resource busy");
      }
      inner.restore(restore);
    }
  }
}
