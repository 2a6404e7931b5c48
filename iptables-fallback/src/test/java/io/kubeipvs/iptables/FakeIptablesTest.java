package io.kubeipvs.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FakeIptablesTest {

  @Nested
  class Ipv4 extends Suite {
    Ipv4() {
      super(new FakeIptables(Family.IPV4, RuleKinds::setExists));
    }
  }

  @Nested
  class Ipv6 extends Suite {
    Ipv6() {
      super(new FakeIptables(Family.IPV6, RuleKinds::setExists));
    }
  }

  @Nested
  class OneLineAtATime extends Suite {
    OneLineAtATime() {
      super(new FakeIptables(Family.IPV4, RuleKinds::setExists).inChunksOf(1));
    }
  }

  abstract static class Suite implements IptablesContract {
    private final FakeIptables fake;

    Suite(FakeIptables fake) {
      this.fake = fake;
    }

    @Override
    public Iptables iptables() {
      return fake;
    }

    @Override
    public void load(String text) throws IptablesException {
      fake.restoreText(text);
    }
  }

  @Test
  void nothingIsShownOfTablesNobodyTouched() throws Exception {
    assertThat(new FakeIptables(Family.IPV4).save()).isEqualTo(SavedRules.NONE);
  }
}
