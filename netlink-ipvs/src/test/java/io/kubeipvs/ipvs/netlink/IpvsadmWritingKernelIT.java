package io.kubeipvs.ipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.netlink.IpvsadmRuns.Result;
import io.kubeipvs.testing.RequiresKernel;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the C tool makes of a command line and what we make of it: same words, same table. */
@RequiresKernel({"ip_vs", "/usr/sbin/ipvsadm"})
final class IpvsadmWritingKernelIT {
  private static final String BEFORE =
      """
      -A -t 10.0.0.1:80 -s rr
      -a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 5
      -A -u 10.0.0.1:53 -s wlc -p 60
      -A -t [fd00::1]:80 -s rr
      -A -f 7 -s rr
      """;

  @RegisterExtension final EmptyTable kernel = new EmptyTable();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A -t 10.0.0.2:80",
        "-A -t 10.0.0.2:80 -s rr",
        "-A -t 10.0.0.2:80 -s nosuch",
        "-A -t 10.0.0.2:80 -s rr --pe nosuch",
        "-A -t 10.0.0.2:80 -s rr -p",
        "-A -t 10.0.0.2:80 -p 10800 -s rr",
        "-A -t 10.0.0.2:80 -s rr -p 0",
        "-A -t 10.0.0.2:80 -s rr -p 2678401",
        "-A -t 10.0.0.2:80 -s rr -p soon",
        "-A -t 10.0.0.2:80 -s rr -p 60 -M 255.255.255.0",
        "-A -t 10.0.0.2:80 -s rr -p 60 -M 64",
        "-A -t 10.0.0.2:80 -s rr -p 60 -M 255.255.255.0 -M 255.0.0.0",
        "-A -t [fd00::2]:80 -s rr -p 60 -M 64",
        "-A -t [fd00::2]:80 -s rr -p 60 -M 129",
        "-A -t [fd00::2]:80 -s rr -p 60 -M 255.255.255.0",
        "-A -t 10.0.0.2 -s rr",
        "-A -t 10.0.0.2:0 -s rr -p 60",
        "-A -t 10.0.0.2:80 -s rr -o",
        "-A -u 10.0.0.2:80 -s rr -o",
        "-A -u 10.0.0.2:80 -s sh -b sh-port,sh-fallback",
        "-A -u 10.0.0.2:80 -b sh-port -s sh",
        "-A -u 10.0.0.2:80 -s mh -b sh-port",
        "-A -u 10.0.0.2:80 -s mh -b mh-fallback",
        "-A -u 10.0.0.2:80 -s rr -b flag-1,flag-3",
        "-A -u 10.0.0.2:80 -s rr -b flag-4",
        "-A --sctp-service 10.0.0.2:80 -s rr",
        "-A -f 9 -s rr",
        "-A -f 9 -6 -s rr -p 5 -M 64",
        "-A -f 4294967295 -s rr",
        "-A -f 0 -s rr",
        "-A -6 -f 9 -s rr",
        "-A -t 10.0.0.1:80 -s rr",
        "-A -s rr",
        "-A -t 10.0.0.2:80 -s rr -m",
        "-A -t 10.0.0.2:80 -s rr -n",
        "-A -t 10.0.0.2:80 -s rr -r 10.1.0.1:80",
        "-A -t 10.0.0.2:80 -s rr extra",
        "-A -t 10.0.0.2:80 -A",
        "-A -t 224.0.0.1:80 -s rr",
        "-E -t 10.0.0.1:80 -s wrr -p 30",
        "-E -t 10.0.0.2:80 -s wrr",
        "-E -u 10.0.0.1:53",
        "-E -u 10.0.0.1:53 -s nosuch",
        "-D -t 10.0.0.1:80",
        "-D -t 10.0.0.2:80",
        "-D -f 7",
        "-D -f 8",
        "-D",
        "-D -t 10.0.0.1:80 -s rr",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m",
        "-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -m",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -g -w 3",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -i",
        "-a -t 10.0.0.1:80 -r [fd00::9]:80 -m",
        "-a -t 10.0.0.1:80 -r [fd00::9]:80 -i",
        "-a -t [fd00::1]:80 -r [fd00::9]:80 -m -w 65535 -x 10 -y 5",
        "-a -t [fd00::1]:80 -r fd00::9 -m",
        "-a -f 7 -r 10.1.0.2:8080 -m",
        "-a -f 7 -r 10.1.0.2 -g",
        "-a -f 7 -r [fd00::9]:80 -m",
        "-a -t 10.0.0.9:80 -r 10.1.0.2:8080 -m",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 65536",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 2147483648",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w -1",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w +4",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -x many",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -y -3",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -g",
        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m --tun-type gue",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gue",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gue --tun-port 6080",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gue --tun-port 0",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gue --tun-port 6080 --tun-csum --tun-remcsum",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gue --tun-port 6080 --tun-nocsum --tun-csum",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gre --tun-csum",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gre --tun-remcsum",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gre --tun-port 6080",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type vxlan",
        "-a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-csum",
        "-a -t 10.0.0.1:80",
        "-a -r 10.1.0.2:8080",
        "-a -t 10.0.0.1:80 -r nowhere.invalid:80 -m",
        "-a -t 10.0.0.1:80 -r 80 -m",
        "-e -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 0",
        "-e -t 10.0.0.1:80 -r 10.1.0.7:8080 -m -w 0",
        "-e -t 10.0.0.9:80 -r 10.1.0.7:8080 -m -w 0",
        "-d -t 10.0.0.1:80 -r 10.1.0.1:8080",
        "-d -t 10.0.0.1:80 -r 10.1.0.1",
        "-d -t 10.0.0.9:80 -r 10.1.0.1:8080",
        "-d -t 10.0.0.1:80 -r 10.1.0.1:8080 -w 1",
        "-C",
        "-C -n",
        "-Z",
        "-Z -t 10.0.0.1:80",
        "-Z -t 10.0.0.9:80",
        "--set 100 50 20",
        "--set 0 0 30",
        "--set 1 2",
        "--set 1 2 3 4",
        "--set 1 2 never",
        "--set 1 2 2678401",
        "--start-daemon other",
        "--stop-daemon other",
        "--stop-daemon backup",
        "--start-daemon master --mcast-interface lo --syncid 256",
        "--start-daemon master --mcast-interface lo --mcast-group 10.0.0.1",
        "--start-daemon master --mcast-interface lo --mcast-group fe80::1",
        "--start-daemon master --mcast-interface lo --mcast-port 0",
        "--start-daemon master --mcast-interface lo --mcast-ttl 256",
        "--start-daemon master --mcast-interface lo --sync-maxlen 65508",
        "--start-daemon master -w 1",
        "-R -n",
        "-S -t 10.0.0.1:80",
        "-L -n --timeout --stats",
        "-L -n --daemon --persistent-conn",
        "-L -n -c --rate",
        "-L -n -c",
        "-L -n -c --persistent-conn"
      })
  void oneCommandLine(String line) throws Exception {
    String[] words = line.split(" ", -1);
    fill();
    Result tools = IpvsadmRuns.tool("", words);
    String toolsTable = table();
    fill();
    assertThat(IpvsadmRuns.ours(kernel.ipvs(), "", words)).as(line).isEqualTo(tools);
    assertThat(table()).as(line).isEqualTo(toolsTable);
  }

  private void fill() throws Exception {
    kernel.ipvs().flush();
    assertThat(IpvsadmRuns.tool("--set 900 120 300\n" + BEFORE, "-R"))
        .isEqualTo(new Result(0, "", ""));
  }

  /** By the tool; thresholds and timeouts are no part of what it saves. */
  private static String table() throws Exception {
    return IpvsadmRuns.tool("", "-S", "-n").out()
        + IpvsadmRuns.tool("", "-L", "-n", "--thresholds").out()
        + IpvsadmRuns.tool("", "-L", "--timeout").out();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "# nothing\n",
        BEFORE,
        BEFORE + BEFORE,
        "-A -t 10.0.0.3:80 -s rr\n-A -t 10.0.0.3:80 -s rr\n-A -t 10.0.0.4:80 -s rr\n",
        "-A -t 10.0.0.3:80 -s rr\n-A -t 10.0.0.4:80 -s nosuch\n",
        "-A -t 10.0.0.3:80 -s rr\n-A -t nonsense -s rr\n-A -t 10.0.0.4:80 -s rr\n",
        "  -A   -t 10.0.0.3:80   -s rr   # with a comment\n-a -t 10.0.0.3:80 -r 10.1.0.1:80 -m\n",
        "-A -t 10.0.0.3:80 -s rr\n-C\n-A -t 10.0.0.4:80 -s rr\n",
        "-A -t 10.0.0.3:80 -s rr\n--set 11 12 13\n-D -t 10.0.0.3:80\n-D -t 10.0.0.3:80\n"
      })
  void manyCommandLines(String lines) throws Exception {
    kernel.ipvs().flush();
    Result tools = IpvsadmRuns.tool(lines, "-R");
    String toolsTable = table();
    kernel.ipvs().flush();
    assertThat(IpvsadmRuns.ours(kernel.ipvs(), lines, "-R")).isEqualTo(tools);
    assertThat(table()).isEqualTo(toolsTable);
  }

  @Test
  void whatIsSavedIsRestored() throws Exception {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      String key = "-t 10.9.%d.%d:80".formatted(i / 200, 1 + i % 200);
      rules.append("-A ").append(key).append(" -s rr\n");
      for (int j = 1; j <= 20; j++) {
        rules.append("-a ").append(key).append(" -r 10.1.0.").append(j).append(":8080 -m -w 1\n");
      }
    }
    assertThat(IpvsadmRuns.ours(kernel.ipvs(), rules.toString(), "-R"))
        .isEqualTo(new Result(0, "", ""));
    String saved = IpvsadmRuns.tool("", "-S", "-n").out();
    assertThat(saved.lines().count()).isEqualTo(300 * 21);

    assertThat(IpvsadmRuns.ours(kernel.ipvs(), "", "-C")).isEqualTo(new Result(0, "", ""));
    assertThat(kernel.ipvs().services()).isEmpty();
    assertThat(IpvsadmRuns.ours(kernel.ipvs(), saved, "-R")).isEqualTo(new Result(0, "", ""));
    assertThat(IpvsadmRuns.tool("", "-S", "-n").out()).isEqualTo(saved);
  }

  @Test
  void daemonsAreStartedAndStopped() throws Exception {
    String[] start = "--start-daemon backup --mcast-interface lo --syncid 7".split(" ", -1);
    try {
      assertThat(IpvsadmRuns.ours(kernel.ipvs(), "", start)).isEqualTo(new Result(0, "", ""));
      assertThat(IpvsadmRuns.tool("", "-L", "--daemon").out())
          .startsWith("backup sync daemon (mcast=lo, syncid=7");
      Result again = IpvsadmRuns.tool("", start);
      assertThat(IpvsadmRuns.ours(kernel.ipvs(), "", start)).isEqualTo(again);
    } finally {
      Result stopped = IpvsadmRuns.ours(kernel.ipvs(), "", "--stop-daemon", "backup");
      assertThat(stopped).isEqualTo(new Result(0, "", ""));
    }
    assertThat(kernel.ipvs().daemons()).isEmpty();
  }

  @Test
  void connectionsAreListed() throws Exception {
    for (String address : List.of("127.9.0.1", "::1")) {
      String service = address.contains(":") ? "[" + address + "]:53" : address + ":53";
      String rules = "-A -u %s -s rr -p 600\n-a -u %s -r %s -m\n";
      assertThat(IpvsadmRuns.ours(kernel.ipvs(), rules.formatted(service, service, service), "-R"))
          .isEqualTo(new Result(0, "", ""));
      try (DatagramSocket socket = new DatagramSocket()) {
        InetAddress target = InetAddress.getByName(address);
        socket.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress(target, 53)));
      }
    }
    for (String options : List.of("-L -n -c", "-L -n -c --persistent-conn")) {
      assertListedAlike(options.split(" ", -1));
    }
  }

  /** The seconds left go by: what the tool says before and after has to be the same. */
  private void assertListedAlike(String... options) throws Exception {
    Result ours;
    Result before;
    Result after;
    int tries = 0;
    do {
      before = IpvsadmRuns.tool("", options);
      ours = IpvsadmRuns.ours(kernel.ipvs(), "", options);
      after = IpvsadmRuns.tool("", options);
    } while (!before.equals(after) && tries++ < 20);
    assertThat(ours).isEqualTo(after);
    assertThat(ours.out()).contains("127.9.0.1:53", "[::1]:53");
    assertThat(ours.out().lines().count()).isGreaterThanOrEqualTo(2 + 4);
  }
}
