package io.kubeipvs.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.IptablesTools;
import io.kubeipvs.iptables.ToolOptions;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolsTest {
  private final Path programs;
  private final List<Duration> slept = new ArrayList<>();

  ToolsTest(@TempDir Path programs) throws IOException {
    this.programs = programs;
    for (String tool : List.of("iptables", "ip6tables")) {
      program(tool + "-x", "echo 'iptables v1.8.9 (nf_tables)'");
      program(tool + "-x-restore", "cat > /dev/null");
    }
  }

  @Test
  void bothFamiliesAreServedWhereBothWork() throws Exception {
    Tools tools = open(true);

    assertThat(tools.iptables()).containsOnlyKeys(AddressFamily.IPV4, AddressFamily.IPV6);
    assertThat(tools.unserved()).isEmpty();
    assertThat(slept).isEmpty();
  }

  @Test
  void aNodeWithoutIp6tablesServesIpv4() throws Exception {
    Files.delete(programs.resolve("ip6tables-x"));

    Tools tools = open(true);

    assertThat(tools.iptables()).containsOnlyKeys(AddressFamily.IPV4);
    assertThat(tools.unserved().get(AddressFamily.IPV6)).contains("ip6tables-x was not found");
  }

  @Test
  void aKernelWithoutTablesOfAFamilyServesTheOther() throws Exception {
    program(
        "ip6tables-x-restore",
        "cat > /dev/null; echo \"unable to initialize table 'filter'\" >&2; exit 1");

    Tools tools = open(true);

    assertThat(tools.iptables()).containsOnlyKeys(AddressFamily.IPV4);
    assertThat(tools.unserved().get(AddressFamily.IPV6)).contains("unable to initialize table");
    assertThat(slept).hasSize(3);
  }

  @Test
  void aRefusalThatPassesLeavesTheFamily() throws Exception {
    program(
        "ip6tables-x-restore",
        "cat > /dev/null; test -e "
            + programs.resolve("tried")
            + " || { touch "
            + programs.resolve("tried")
            + "; echo 'Resource temporarily unavailable' >&2; exit 4; }");

    assertThat(open(true).unserved()).isEmpty();
    assertThat(slept).hasSize(1);
  }

  @Test
  void whereRulesShowThatTheTablesAreThereNothingIsRun() throws Exception {
    program("ip6tables-x-restore", "exit 1");
    Tools.Opener opener = Tools.probing(this::tool, Set.of(Family.IPV4, Family.IPV6), slept::add);

    assertThat(Tools.of(opener, true).unserved()).isEmpty();
  }

  @Test
  void aKernelToldToDoWithoutIpv6ServesIpv4() throws Exception {
    assertThat(open(false).iptables()).containsOnlyKeys(AddressFamily.IPV4);
    assertThat(open(false).unserved()).containsOnlyKeys(AddressFamily.IPV6);
  }

  @Test
  void aNodeWithIpv6AloneIsServed() throws Exception {
    Files.delete(programs.resolve("iptables-x"));

    assertThat(open(true).iptables()).containsOnlyKeys(AddressFamily.IPV6);
  }

  @Test
  void withoutAnyFamilyThereIsNoStart() throws Exception {
    Files.delete(programs.resolve("iptables-x"));

    assertThatThrownBy(() -> open(false))
        .isInstanceOf(StartupException.class)
        .hasMessageStartingWith("No Service can be served: IPv4: ")
        .hasMessageContaining("iptables-x was not found")
        .hasMessageContaining("IPv6: the kernel was told to do without it");
  }

  @Test
  void theFamilyOfTheNodesFirstAddressMustBeServed() {
    assertThat(complaints("2001:db8::1", "192.0.2.1"))
        .containsExactly(
            "The node's first address is 2001:db8::1, and IPv6 cannot be served: no ip6tables.");
    assertThat(complaints("192.0.2.1", "2001:db8::1")).isEmpty();
    assertThat(complaints()).isEmpty();
  }

  private static List<String> complaints(String... addresses) {
    TreeMap<AddressFamily, String> unserved = new TreeMap<>();
    unserved.put(AddressFamily.IPV6, "no ip6tables");
    List<String> complaints = new ArrayList<>();
    ChangeTracker tracker = new ChangeTracker("node");
    tracker.node(
        new NodeInfo(
            "node", List.of(addresses).stream().map(IpAddress::of).toList(), "", List.of()));
    new PrimaryFamily(ModeInForce.IPVS.without(unserved), complaints::add)
        .began(tracker.take(), true);
    return complaints;
  }

  private Tools open(boolean hasIpv6) throws Exception {
    return Tools.of(Tools.probing(this::tool, Set.of(), slept::add), hasIpv6);
  }

  private IptablesTools tool(Family family) throws IOException {
    String program = programs.resolve("iptables-x").toString();
    return IptablesTools.open(family, ToolOptions.DEFAULT.withProgram(program));
  }

  private void program(String name, String shell) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + shell + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
