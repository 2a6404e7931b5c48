package io.kubeipvs.ipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.netlink.IpvsadmRuns.Result;
import io.kubeipvs.testing.RequiresKernel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names of hosts and ports, by the C tool and by us, in a machine whose {@code /etc/hosts} we write
 * and that has nobody else to ask. What a guest writes there is gone with it.
 */
@RequiresKernel({"ip_vs", "/usr/sbin/ipvsadm"})
final class IpvsadmNamesKernelIT {
  private static final Path HOSTS = Path.of("/etc/hosts");
  private static final String NAMES =
      """
      127.0.0.1 localhost guest
      ::1 six-local
      10.0.0.1 web.example web
      10.0.0.2 a-host-with-a-name-that-is-longer-than-any-column.of-the-list.example
      10.1.0.1 pod-one
      10.1.0.1 pod-one-again
      10.1.0.2 another-host-with-a-name-longer-than-the-column.example
      127.9.0.1 here.example
      fd00::1 six.example
      10.0.0.4 %s.example
      fd00::3 %s.example
      fd00::2 another-six-with-a-name-longer-than-the-column.example
      """
          .formatted("w".repeat(55), "s".repeat(55));

  private static final String TABLE =
      """
      -A -t 10.0.0.1:80 -s rr
      -a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m
      -a -t 10.0.0.1:80 -r 10.1.0.2:443 -m
      -a -t 10.0.0.1:80 -r 10.1.0.3:80 -m
      -A -t 10.0.0.2:443 -s rr -p 60
      -A -u 10.0.0.1:53 -s rr
      -a -u 10.0.0.1:53 -r 10.1.0.1:53 -m
      -A -u 10.0.0.3:54321 -s rr
      -A --sctp-service 10.0.0.1:2905 -s rr
      -a --sctp-service 10.0.0.1:2905 -r 10.1.0.1:2905 -m
      -A -t [fd00::1]:80 -s rr
      -a -t [fd00::1]:80 -r [fd00::2]:443 -m
      -a -t [fd00::1]:80 -r [fd00:1111:2222:3333:4444:5555:6666:7777]:22 -m
      -A -t [fd00::9]:443 -s rr
      -A -t 10.0.0.4:80 -s rr
      -a -t 10.0.0.4:80 -r 10.0.0.4:80 -g
      -A -t [fd00::3]:80 -s rr
      -a -t [fd00::3]:80 -r [fd00::3]:80 -g
      -A -f 7 -s rr
      -a -f 7 -r 10.1.0.1:80 -m
      """;

  private static String before = "";

  @RegisterExtension final EmptyTable kernel = new EmptyTable();

  @BeforeAll
  static void nameHosts() throws IOException {
    before = Files.readString(HOSTS);
    Files.writeString(HOSTS, NAMES);
  }

  @AfterAll
  static void forgetThem() throws IOException {
    Files.writeString(HOSTS, before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-L",
        "-L -n",
        "-L --stats",
        "-L --rate --exact",
        "-L --thresholds",
        "-L --persistent-conn",
        "-L --tun-info",
        "-L --nosort",
        "-S",
        "-S -n",
        "-L -t web.example:http",
        "-L -t web:80",
        "-L -u web.example:domain",
        "-L -t 10.0.0.1:https",
        "-L -t [fd00::1]:http",
        "-L -t six.example:http",
        "-L --sctp-service web:2905"
      })
  void listsAreTheSameWithNames(String line) throws Exception {
    assertThat(IpvsadmRuns.tool(TABLE, "-R")).isEqualTo(new Result(0, "", ""));
    String[] words = line.isEmpty() ? new String[0] : line.split(" ", -1);
    Result tools = IpvsadmRuns.tool("", words);
    assertThat(IpvsadmRuns.ours(kernel.ipvs(), "", words)).as(line).isEqualTo(tools);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A -t web:http -s rr",
        "-A -t web.example:8080 -s rr",
        "-A -u web:domain -s rr",
        "-A -u web:http -s rr",
        "-A --sctp-service web:m3ua -s rr",
        "-A --sctp-service web:nothing -s rr",
        "-A -t nobody.invalid:80 -s rr",
        "-A -t six.example:80 -s rr",
        "-A -t [six.example]:80 -s rr",
        "-A -t web:nothing -s rr",
        "-A -t web: -s rr",
        "-A -t :80 -s rr",
        "-A -t web:+80 -s rr",
        "-A -t web:65536 -s rr",
        "-A -t 10.7:80 -s rr",
        "-A -t 10.0.7:80 -s rr",
        "-A -t 0x0a000001:80 -s rr",
        "-A -t 012.0.0.1:80 -s rr",
        "-A -t 10.0.0.256:80 -s rr",
        "-A -t 167772161:80 -s rr",
        "-A -t 167772161 -s rr -p",
        "-A -t [10.0.0.1]:80 -s rr",
        "-A -t [10.0.0.1]:80 -s rr -p",
        "-A -t [web:http]:80 -s rr",
        "-A -t [web -s rr",
        "-A -t [fd00::1]x -s rr -p",
        "-A -t [fd00::1]:https -s rr",
        "-A -t [fd00::1] -s rr -p",
        "-A -t [fd00::1]: -s rr",
        "-A -t fd00::1 -s rr -p",
        "-A -t web -s rr -p"
      })
  void servicesAreNamed(String line) throws Exception {
    compare("", line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-a -t 10.0.0.1:80 -r pod-one:http -m",
        "-a -t 10.0.0.1:80 -r pod-one -m",
        "-a -r pod-one:http -t 10.0.0.1:80 -m",
        "-a -t 10.0.0.1:80 -r pod-one:domain -m",
        "-a -t 10.0.0.1:80 -r nobody.invalid -m",
        "-a -f 7 -r pod-one:http -m",
        "-a -f 7 -r pod-one:80 -m"
      })
  void serversAreNamed(String line) throws Exception {
    compare("-A -t 10.0.0.1:80 -s rr\n-A -f 7 -s rr\n", line);
  }

  private void compare(String before, String line) throws Exception {
    String[] words = line.split(" ", -1);
    assertThat(IpvsadmRuns.tool("-C\n" + before, "-R").exitCode()).isZero();
    Result tools = IpvsadmRuns.tool("", words);
    String toolsTable = IpvsadmRuns.tool("", "-S", "-n").out();
    assertThat(IpvsadmRuns.tool("-C\n" + before, "-R").exitCode()).isZero();
    assertThat(IpvsadmRuns.ours(kernel.ipvs(), "", words)).as(line).isEqualTo(tools);
    assertThat(IpvsadmRuns.tool("", "-S", "-n").out()).as(line).isEqualTo(toolsTable);
  }

  @Test
  void connectionsAreListedWithNames() throws Exception {
    String rules = "-A -u 127.9.0.1:53 -s rr -p 600\n-a -u 127.9.0.1:53 -r 127.9.0.1:53 -m\n";
    assertThat(IpvsadmRuns.tool(rules, "-R")).isEqualTo(new Result(0, "", ""));
    try (DatagramSocket socket = new DatagramSocket()) {
      InetAddress target = InetAddress.getByName("127.9.0.1");
      socket.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress(target, 53)));
    }
    Result first;
    Result ours;
    Result second;
    int tries = 0;
    do { // the seconds left go by
      first = IpvsadmRuns.tool("", "-L", "-c");
      ours = IpvsadmRuns.ours(kernel.ipvs(), "", "-L", "-c");
      second = IpvsadmRuns.tool("", "-L", "-c");
    } while (!first.equals(second) && tries++ < 20);
    assertThat(ours).isEqualTo(second);
    assertThat(ours.out()).contains("here.example:domain");
  }
}
