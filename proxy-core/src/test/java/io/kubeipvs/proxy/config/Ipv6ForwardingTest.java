package io.kubeipvs.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Ipv6ForwardingTest {
  private final Path root;
  private final SysctlFiles files;

  Ipv6ForwardingTest(@TempDir Path root) {
    this.root = root;
    this.files = new SysctlFiles(root);
  }

  @Test
  void interfacesThatAcceptAdvertisementsGoOnDoingSo() throws IOException {
    write("all/forwarding", "0");
    write("all/accept_ra", "1");
    write("default/accept_ra", "1");
    write("eth0/accept_ra", "1");
    write("eth1/accept_ra", "0");
    write("eth2/accept_ra", "2");
    write("lo/accept_ra", "1");

    assertThat(Ipv6Forwarding.isOff(files)).isTrue();
    assertThat(Ipv6Forwarding.switchingOn(files))
        .extracting(Sysctl::toString)
        .containsExactly("net.ipv6.conf.eth0.accept_ra = 2", "net.ipv6.conf.all.forwarding = 1");

    files.apply(Ipv6Forwarding.switchingOn(files));

    assertThat(Ipv6Forwarding.isOff(files)).isFalse();
    assertThat(files.read("net/ipv6/conf/eth0/accept_ra")).isEqualTo("2");
  }

  @Test
  void whereThereIsNoIpv6NothingIsOff() throws IOException {
    assertThat(Ipv6Forwarding.isOff(files)).isFalse();
  }

  private void write(String name, String value) throws IOException {
    Path file = root.resolve("net/ipv6/conf").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }
}
