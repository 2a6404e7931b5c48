package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.IptablesException;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.config.SysctlFiles;
import io.kubeipvs.proxy.sync.FakeKernel;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void ipvsWithoutConnectionTrackingIsALack(@TempDir Path sysctls) throws Exception {
    SysctlFiles files = new SysctlFiles(sysctls);
    IpvsParts.requireTracking(files); // nothing to be seen proves nothing
    Path settings = Files.createDirectories(sysctls.resolve("net/ipv4/vs"));
    Files.writeString(settings.resolve("drop_entry"), "0\n");
    assertThatThrownBy(() -> IpvsParts.requireTracking(files))
        .isInstanceOf(MissingKernelPartException.class)
        .hasMessageContaining("CONFIG_IP_VS_NFCT");
    Files.writeString(settings.resolve("conntrack"), "1\n");
    IpvsParts.requireTracking(files);
  }

  @Test
  void aKernelWithoutDummyDevicesLacksAPart() throws Exception {
    assertThatThrownBy(() -> IpvsParts.requireDevice(routesWithoutDevices(Errno.EOPNOTSUPP)))
        .isInstanceOf(MissingKernelPartException.class)
        .hasMessageContaining("modprobe dummy");
    assertThatThrownBy(() -> IpvsParts.requireDevice(routesWithoutDevices(Errno.ENOMEM)))
        .as("which may pass")
        .isInstanceOf(NetlinkException.class);
    List<Link> before = fake.routes.links();
    IpvsParts.requireDevice(fake.routes);
    assertThat(fake.routes.links()).as("what was tried is gone").isEqualTo(before);
  }

  private static Routes routesWithoutDevices(Errno errno) {
    return (Routes)
        Proxy.newProxyInstance(
            Routes.class.getClassLoader(),
            new Class<?>[] {Routes.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("addDummy")) {
                throw new NetlinkException("NEWLINK", errno, "Unknown device type");
              }
              return Optional.empty();
            });
  }

  @Test
  void theDefaultSchedulerIsAPart() throws Exception {
    IpvsParts.requireScheduler(fake.ipvs, Scheduler.ROUND_ROBIN);
    assertThatThrownBy(() -> IpvsParts.requireScheduler(fake.ipvs, new Scheduler("nosuch")))
        .isInstanceOf(MissingKernelPartException.class)
        .hasMessageContaining("ip_vs_nosuch");
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
