package io.kubeipvs.proxy.check.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.config.SysctlFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeFilesTest {
  private final Path root;

  NodeFilesTest(@TempDir Path root) {
    this.root = root;
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.resolveSibling("x"));
    Files.writeString(path, text);
  }

  @Test
  void modulesAreLoadedBuiltInLoadableOrAbsent() throws IOException {
    Files.createDirectories(root.resolve("sys/module/ip_vs"));
    write("lib/modules/6.1/modules.builtin", "kernel/net/netfilter/nf_conntrack.ko\n");
    write(
        "lib/modules/6.1/modules.dep",
        "kernel/drivers/net/dummy.ko.xz:\nkernel/net/netfilter/xt_set.ko: kernel/x.ko\n");
    Modules modules =
        new ModuleFiles(root, "6.1")
            .read(Set.of("ip_vs", "nf_conntrack", "dummy", "xt_set", "ip_set"));
    assertThat(modules.of("ip_vs")).isEqualTo(Modules.State.LOADED);
    assertThat(modules.of("nf_conntrack")).isEqualTo(Modules.State.BUILT_IN);
    assertThat(modules.of("dummy")).isEqualTo(Modules.State.LOADABLE);
    assertThat(modules.of("xt_set")).isEqualTo(Modules.State.LOADABLE);
    assertThat(modules.of("ip_set")).isEqualTo(Modules.State.ABSENT);
  }

  @Test
  void withoutListsWhatIsNotLoadedIsUnknown() {
    assertThat(new ModuleFiles(root, "6.1").read(Set.of("ip_vs")).of("ip_vs"))
        .isEqualTo(Modules.State.UNKNOWN);
  }

  @Test
  void settingsOfIpvsAndOfEachInterfaceAreRead() throws IOException {
    write("proc/sys/net/ipv4/vs/conntrack", "1\n");
    write("proc/sys/net/ipv6/conf/eth0/accept_ra", "2\n");
    write("proc/sys/net/ipv6/conf/lo/accept_ra", "1\n");
    write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    Sysctls sysctls = new SettingFiles(new SysctlFiles(root.resolve("proc/sys"))).read();
    assertThat(sysctls.values())
        .containsOnlyKeys(
            "net/ipv4/vs/conntrack",
            "net/ipv6/conf/eth0/accept_ra",
            "net/ipv4/ip_local_port_range");
    assertThat(sysctls.numbers("net/ipv4/ip_local_port_range")).containsExactly(32768, 60999);
    assertThat(sysctls.shown("net/ipv4/ip_forward")).isEqualTo("net.ipv4.ip_forward = (not there)");
  }

  /** Lines of a kernel 6.1. */
  @Test
  void socketsThatListenAreReadWithTheirOwners() throws IOException {
    write(
        "proc/net/tcp",
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:2809 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17021 1 0
           1: 0A02000A:1F90 0A02000B:C350 01 00000000:00000000 00:00000000 00000000     0        0 17022 1 0
        """);
    write(
        "proc/net/udp6",
        """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         12: B80D0120000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 17023 2 0
        """);
    assertThat(new SocketFiles(root).read(Map.of(17021L, 42L)))
        .containsExactly(
            new NodeSocket(Protocol.TCP, IpAddress.of("127.0.0.1"), 10249, OptionalLong.of(42)),
            new NodeSocket(Protocol.UDP, IpAddress.of("2001:db8::1"), 53, OptionalLong.empty()));
  }

  @Test
  void processesOfOtherNetworkNamespacesAreNotSeen() throws IOException {
    namespace("self", "net:[1]");
    namespace("7", "net:[1]");
    namespace("8", "net:[2]");
    namespace("9", "net:[1]");
    write("proc/7/comm", "kube-proxy\n");
    write("proc/7/cmdline", "kube-proxy\0--config=x\0");
    write("proc/9/comm", "java\n");
    write("proc/9/cmdline", "java\0");
    Files.createDirectories(root.resolve("proc/7/fd"));
    Files.createSymbolicLink(root.resolve("proc/7/fd/3"), Path.of("socket:[17021]"));
    ProcessFiles files = new ProcessFiles(root, 9);
    assertThat(files.read())
        .containsExactly(new NodeProcess(7, "kube-proxy", List.of("kube-proxy", "--config=x")));
    assertThat(files.ownersOfSockets()).isEqualTo(Map.of(17021L, 7L));
  }

  /** The second is what a container has. */
  @Test
  void onlyTheOutermostNamespaceSeesAllProcesses() throws IOException {
    ProcessFiles files = new ProcessFiles(root, 9);
    assertThat(files.areAllSeen()).isFalse();
    link("self/ns/pid", "pid:[4026531836]");
    assertThat(files.areAllSeen()).isTrue();
    Files.delete(root.resolve("proc/self/ns/pid"));
    link("self/ns/pid", "pid:[4026532201]");
    assertThat(files.areAllSeen()).isFalse();
  }

  private void link(String file, String target) throws IOException {
    Path link = root.resolve("proc").resolve(file);
    Files.createDirectories(link.resolveSibling("x"));
    Files.createSymbolicLink(link, Path.of(target));
  }

  private void namespace(String process, String target) throws IOException {
    link(process + "/ns/net", target);
  }

  /** As a kernel 6.1 shows it, a line for each of two processors. */
  @Test
  void whatConnectionTrackingDroppedIsSummedUp() throws IOException {
    write(
        "proc/net/stat/nf_conntrack",
        """
        entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
        00000010 00000000 00000000 00000000 00000001 00000000 00000000 00000005 00000000 00000002 0000000a 00000001 00000000  00000000 00000000 00000000 00000000
        00000010 00000000 00000000 00000000 00000001 00000000 00000000 00000005 00000000 00000001 00000001 00000002 00000000  00000000 00000000 00000000 00000000
        """);
    assertThat(new TrackingFile(root).read()).isEqualTo(new TrackingDrops(11, 3, 3));
  }
}
