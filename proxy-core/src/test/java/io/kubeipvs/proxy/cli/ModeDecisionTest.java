package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipset.SetErrno;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.OverrunException;
import io.kubeipvs.netlink.SystemCallException;
import io.kubeipvs.netlink.conntrack.NoConntrackException;
import io.kubeipvs.netlink.generic.UnknownFamilyException;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.NoConntrack;
import io.kubeipvs.proxy.apply.NoIpvs;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.sync.FakeKernel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModeDecisionTest {
  private static final Kernel KERNEL = new FakeKernel().gateways();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Duration> slept = new ArrayList<>();
  private final StartRetry retry = new StartRetry(List.of(SECOND, SECOND), slept::add);

  static Stream<IOException> whatMayPass() {
    return Stream.of(
        new SystemCallException("socket(AF_NETLINK, 16)", Errno.EMFILE),
        new SystemCallException("socket(AF_NETLINK, 16)", Errno.ENOBUFS),
        new SystemCallException("socket(AF_NETLINK, 16)", Errno.EPERM),
        new NetlinkException("GETFAMILY IPVS", Errno.EINTR, ""),
        new NetlinkException("GETFAMILY IPVS", Errno.ENOMEM, ""),
        new NetlinkException("ipset protocol", Errno.EPERM, ""),
        new OverrunException("recvfrom: ENOBUFS, the kernel dropped messages for us"),
        new IOException("generic netlink GETFAMILY IPVS: no answer within 10 s"));
  }

  @ParameterizedTest
  @MethodSource("whatMayPass")
  void anErrorThatMayPassProvesNoLack(IOException error) {
    assertThatThrownBy(() -> KernelGateways.ipvs(failing(error))).isSameAs(error);
    assertThatThrownBy(() -> KernelGateways.sets(failing(error))).isSameAs(error);
    assertThat(KernelLack.ofSetType(error)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("whatMayPass")
  void anErrorThatStaysEndsTheStartAndNeverFallsBack(IOException error) {
    for (boolean required : new boolean[] {false, true}) {
      slept.clear();
      assertThatThrownBy(
              () ->
                  OpenKernel.decide(required, ModeDecisionTest.<Kernel>failing(error)::open, retry))
          .isInstanceOf(StartupException.class)
          .isNotInstanceOf(MissingKernelPartException.class)
          .hasMessage(
              "Given up after 3 attempts: it cannot be told whether this kernel has IPVS and sets: "
                  + error.getMessage()
                  + ".");
      assertThat(slept).containsExactly(SECOND, SECOND);
    }
  }

  @Test
  void anErrorThatPassesLeavesIpvsMode() throws Exception {
    var decision = OpenKernel.decide(false, this::atTheThirdTry, retry);

    assertThat(decision.mode()).isEqualTo(ModeInForce.IPVS);
    assertThat(decision.kernel()).containsSame(KERNEL);
  }

  private Kernel atTheThirdTry() throws IOException {
    if (slept.size() < 2) {
      throw new OverrunException("ENOBUFS");
    }
    return KERNEL;
  }

  @Test
  void aKernelThatSaysTwiceItHasNoIpvsIsServedByIptables() throws Exception {
    var decision =
        OpenKernel.decide(
            false,
            () -> {
              KernelGateways.ipvs(failing(new UnknownFamilyException("IPVS", "ip_vs")));
              return KERNEL;
            },
            retry);

    assertThat(decision.kernel()).isEmpty();
    assertThat(decision.mode().fallbackReason().orElseThrow())
        .startsWith("This kernel has no IPVS");
    assertThat(slept).containsExactly(SECOND);
  }

  @Test
  void aKernelThatDoesNotShowItsFlowsIsServedByIptables() throws Exception {
    NoConntrackException absent = absent();
    assertThatThrownBy(() -> KernelGateways.conntrack(failing(absent)))
        .isInstanceOf(MissingKernelPartException.class)
        .hasMessageContaining("modprobe nf_conntrack_netlink");
    assertThat(
            KernelGateways.orElse(
                () -> KernelGateways.conntrack(failing(absent)), NoConntrack::new))
        .isInstanceOf(NoConntrack.class);
    IOException passing = new SystemCallException("socket", Errno.EMFILE);
    assertThatThrownBy(() -> KernelGateways.conntrack(failing(passing))).isSameAs(passing);
  }

  private static NoConntrackException absent() {
    return new NoConntrackException(new NetlinkException("ctnetlink", Errno.EINVAL, ""));
  }

  @Test
  void whereIpvsIsRequiredALackEndsTheStart() {
    assertThatThrownBy(
            () ->
                OpenKernel.decide(
                    true,
                    () -> {
                      throw new MissingKernelPartException("This kernel has no IPVS.");
                    },
                    retry))
        .isNotInstanceOf(MissingKernelPartException.class)
        .hasMessage("This kernel has no IPVS. (--ipvs-required)");
  }

  @Test
  void theKernelsOwnWordsForALackAreKnown() {
    assertThat(KernelLack.ofIpvs(new UnknownFamilyException("IPVS", "ip_vs"))).isTrue();
    assertThat(KernelLack.ofSets(new NetlinkException("ipset protocol", Errno.EINVAL, "")))
        .isTrue();
    assertThat(KernelLack.ofSets(new SystemCallException("socket", Errno.EPROTONOSUPPORT)))
        .isTrue();
    assertThat(KernelLack.ofSetType(new NetlinkException("x", SetErrno.FIND_TYPE, ""))).isTrue();
    assertThat(KernelLack.ofSetType(new NetlinkException("x", Errno.EINVAL, ""))).isFalse();
  }

  @Test
  void iptablesModeDoesWithoutIpvsOnlyWhereThereIsNone() throws Exception {
    assertThat(
            KernelGateways.orElse(
                () -> KernelGateways.ipvs(failing(new UnknownFamilyException("IPVS", "ip_vs"))),
                NoIpvs::new))
        .isInstanceOf(NoIpvs.class);
    assertThatThrownBy(
            () ->
                KernelGateways.orElse(
                    () -> KernelGateways.ipvs(failing(new OverrunException("ENOBUFS"))),
                    NoIpvs::new))
        .isInstanceOf(OverrunException.class);
  }

  @Test
  void modprobeThatIsNotThereIsNoError() throws Exception {
    KernelModuleLoad.run(List.of("/nowhere/modprobe"), 60);
    KernelModuleLoad.run(List.of("false"), 60);
  }

  @Test
  void modprobeThatHangsIsAnErrorThatMayPass() {
    assertThatThrownBy(() -> KernelModuleLoad.run(List.of("sleep", "60"), 0))
        .isInstanceOf(IOException.class)
        .hasMessage("sleep has not ended within 0 s");
  }

  private static <T> KernelGateways.Opener<T> failing(IOException error) {
    return () -> {
      throw error;
    };
  }
}
