package io.kubeipvs.ipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ForwardingMethod;
import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceFlags;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Tunnel;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.ipvs.netlink.IpvsadmRuns.Result;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.testing.RequiresKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the C tool prints of a table, and what we print of it. */
@RequiresKernel({"ip_vs", "/usr/sbin/ipvsadm"})
final class IpvsadmListingKernelIT {
  @RegisterExtension final EmptyTable kernel = new EmptyTable();

  /** Tables in the tool's own syntax. */
  static List<String> tables() {
    List<String> tables = new ArrayList<>();
    tables.add("");
    for (String scheduler :
        List.of(
            "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "mh", "fo",
            "ovf")) {
      tables.add("-A -t 10.0.0.1:80 -s " + scheduler + "\n-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m\n");
    }
    for (String options :
        List.of(
            "-s rr -p",
            "-s rr -p 10800",
            "-s rr -p 60 -M 255.255.255.0",
            "-s rr -p 60 -M 0.0.0.0",
            "-s rr -o",
            "-s rr -p 5 -o",
            "-s sh -b sh-port",
            "-s sh -b sh-fallback",
            "-s sh -b sh-fallback,sh-port -p 7 -M 255.255.0.0 -o",
            "-s mh -b mh-fallback,mh-port",
            "-s rr -b flag-1",
            "-s wlc -b flag-1,flag-2,flag-3",
            "-s rr -p 30 --pe sip",
            "-s rr -p 30 --pe sip -o -b flag-2")) {
      tables.add("-A -u 10.0.0.1:53 " + options + "\n");
      if (!options.contains("255.")) {
        tables.add("-A -u [fd00::1]:53 " + options.replace("-M 0.0.0.0", "-M 64") + "\n");
      }
    }
    tables.addAll(
        List.of(
            """
            -A --sctp-service 10.0.0.1:3868 -s rr
            -a --sctp-service 10.0.0.1:3868 -r 10.1.0.1:3868 -m
            -A --sctp-service [fd00::1]:3868 -s rr
            """,
            """
            -A -t 10.0.0.1:0 -s rr -p 1
            -a -t 10.0.0.1:0 -r 10.1.0.1:0 -g
            """,
            """
            -A -t [fd00::1]:80 -s rr
            -a -t [fd00::1]:80 -r [fd00:1111:2222:3333:4444:5555:6666:7777]:65535 -m -w 65535
            -a -t [fd00::1]:80 -r [::1]:80 -g
            -a -t [fd00::1]:80 -r [64:ff9b::1.2.3.4]:80 -m
            """,
            """
            -A -f 1 -s rr
            -A -f 1 -6 -s rr -p 10 -M 64
            -A -f 2147483647 -s rr
            -A -f 2147483648 -s rr
            -A -f 4294967295 -s rr
            -a -f 1 -r 10.1.0.1:0 -m
            -a -f 1 -r 10.1.0.2:80 -m
            -a -f 1 -6 -r [fd00::2]:0 -g
            """,
            """
            -A -t 10.0.0.1:80 -s rr
            -a -t 10.0.0.1:80 -r 10.1.0.1 -i
            -a -t 10.0.0.1:80 -r 10.1.0.2 -i --tun-type gue --tun-port 6080
            -a -t 10.0.0.1:80 -r 10.1.0.3 -i --tun-type gue --tun-port 6080 --tun-csum
            -a -t 10.0.0.1:80 -r 10.1.0.4 -i --tun-type gue --tun-port 65535 --tun-remcsum
            -a -t 10.0.0.1:80 -r 10.1.0.5 -i --tun-type gre
            -a -t 10.0.0.1:80 -r 10.1.0.6 -i --tun-type gre --tun-csum
            -a -t 10.0.0.1:80 -r 10.1.0.7:80 -g
            -a -t 10.0.0.1:80 -r 10.1.0.8:8080 -m
            """,
            """
            -A -t 1.2.3.5:80 -s rr
            -a -t 1.2.3.5:80 -r 1.2.3.4 -i
            -a -t 1.2.3.5:80 -r 100::1 -i
            -a -t 1.2.3.5:80 -r 102:304:: -i
            -a -t 1.2.3.5:80 -r 200::1 -i
            -a -t 1.2.3.5:80 -r 8200::1 -i
            -A -t [fd00::1]:80 -s rr
            -a -t [fd00::1]:80 -r 10.1.0.1 -i
            -a -t [fd00::1]:80 -r [fd00::2]:80 -i
            """,
            """
            -A -t 10.0.0.1:80 -s wrr
            -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 0
            -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 65535
            -a -t 10.0.0.1:80 -r 10.1.0.3:80 -m -w 10 -x 100
            -a -t 10.0.0.1:80 -r 10.1.0.4:80 -m -w 10 -x 2000000000 -y 50
            """,
            """
            -A -t 192.168.0.1:80 -s rr
            -A -t 10.0.0.1:80 -s rr
            -A -t 100.64.0.1:80 -s rr
            -A -t 172.16.0.1:80 -s rr
            -A -u 10.0.0.1:80 -s rr
            -A -t 10.0.0.1:8 -s rr
            -A -t 10.0.0.1:443 -s rr
            -A -t 10.0.0.1:40000 -s rr
            -A -t [fd00::1]:80 -s rr
            -A -u [2001:db8::1]:80 -s rr
            -A -t [2001:db8::1]:80 -s rr
            -A -f 7 -s rr
            """));
    return tables;
  }

  @Test
  void enoughTablesAreCompared() {
    assertThat(tables()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(30);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void listsAndSavesLikeTheTool(String table) throws Exception {
    assertThat(tool(table, "-R")).isEqualTo(new Result(0, "", ""));
    compare("-L", "-n");
    compare("-S", "-n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--nosort",
        "--stats",
        "--stats --exact",
        "--rate",
        "--rate --exact",
        "--thresholds",
        "--persistent-conn",
        "--tun-info",
        "--stats --rate --thresholds",
        "--tun-info --thresholds --persistent-conn",
        "-t 10.0.0.1:80",
        "-t 10.0.0.1:80 --thresholds",
        "-t 10.0.0.1:81",
        "-t [fd00::1]:80",
        "-t fd00::1",
        "-f 1",
        "-f 1 -6",
        "-f 2147483648",
        "-f 0x80000000",
        "-f 4294967296",
        "-f 9 -6",
        "--timeout",
        "--daemon",
        "--sort"
      })
  void otherViewsAreLikeTheTools(String options) throws Exception {
    tool(String.join("", tables()), "-R"); // what is there already is refused
    assertThat(kernel.ipvs().services()).hasSizeGreaterThan(20);
    compare(("-L -n " + options).split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Ln",
        "-ln",
        "-Sn",
        "--list --numeric",
        "--save --numeric",
        "-L -n --tcp-service=10.0.0.1:80",
        "-L -n -t10.0.0.1:80",
        "-L -n --foo",
        "-L -n --foo=bar",
        "-Lnq",
        "-L -n extra",
        "-L -n -n",
        "-L -L",
        "-L -n -S",
        "-n",
        "-nL",
        "extra",
        "-L -n -t",
        "-L -n -t foo:bar",
        "-L -n -t 1.2.3.4:99999",
        "-L -n -t 1.2.3.4",
        "-L -n -t [fd00::1",
        "-L -n -t [fd00::1]",
        "-L -n -f 0",
        "-L -n -f abc",
        "-L -n -f -5",
        "-L -n -6 -f 5",
        "-L -n -w 1",
        "-L -n -w",
        "-L -n -m",
        "-L -n -s rr",
        "-L -n -p",
        "-L -n -o",
        "-L -n -r 1.2.3.4",
        "-L -n --pe sip",
        "-S -n --stats",
        "-S -n --nosort",
        "-S -n -t 10.0.0.1:80",
        "-L -n -t 10.0.0.1:80 -u 10.0.0.1:80",
        "-L -n --timeout --daemon",
        "-L -n --timeout -t 10.0.0.1:80",
        "-L -n -c -t 10.0.0.1:80"
      })
  void commandLinesAreReadLikeTheTool(String line) throws Exception {
    assertThat(tool("-A -t 10.0.0.1:80 -s rr\n", "-R").err()).isEmpty();
    compare(line.split(" ", -1));
  }

  /** What only netlink can make. */
  @Test
  void whatTheToolCannotMakeIsListedLikeTheTool() throws Exception {
    ServiceKey esp = ServiceKey.of(new Protocol(50), IpAddress.of("10.0.0.9"), 80);
    ServiceKey tcp = ServiceKey.of(Protocol.TCP, IpAddress.of("10.0.0.1"), 80);
    ServiceKey udp = ServiceKey.of(Protocol.UDP, IpAddress.of("10.0.0.1"), 53);
    VirtualService engine =
        new VirtualService(udp, Scheduler.ROUND_ROBIN, ServiceFlags.NONE, 9, 0xffff_0000, "sip");
    List<RealServer> servers = new ArrayList<>();
    for (int method = 0; method < 8; method++) {
      servers.add(server(method, new ForwardingMethod(method), 1, Tunnel.DEFAULT));
    }
    servers.add(server(20, ForwardingMethod.TUNNEL, 70_000, new Tunnel(3, 9, 0)));
    servers.add(server(21, ForwardingMethod.MASQUERADE, Integer.MAX_VALUE, new Tunnel(2, 9, 1)));
    List<AddServer> additions = servers.stream().map(s -> new AddServer(tcp, s)).toList();
    assertThat(
            kernel
                .ipvs()
                .execute(
                    List.of(
                        new AddService(VirtualService.of(esp, Scheduler.ROUND_ROBIN)),
                        new AddService(
                            VirtualService.of(tcp, Scheduler.SOURCE_HASHING)
                                .withFlags(0xffff_fff8)),
                        new AddService(engine))))
        .isEmpty();
    assertThat(kernel.ipvs().execute(additions)).isEmpty();
    compare("-L", "-n");
    compare("-S", "-n");
    compare("-L", "-n", "--persistent-conn");
  }

  private static RealServer server(int number, ForwardingMethod method, int weight, Tunnel tunnel) {
    ServerKey key = new ServerKey(IpAddress.of("10.1.0." + (number + 1)), 80);
    return new RealServer(key, method, weight, 0, 0, tunnel);
  }

  /** The tool's comparison is no order, so that the result depends on how it sorts. */
  @RepeatedTest(4)
  void anyTableIsSortedLikeTheTool(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    List<AddService> services = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      services.add(new AddService(VirtualService.of(randomKey(random), Scheduler.ROUND_ROBIN)));
    }
    List<AddServer> servers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      IpAddress address = randomAddress(random, random.nextBoolean());
      RealServer server =
          new RealServer(
              new ServerKey(address, random.nextInt(3)),
              ForwardingMethod.TUNNEL,
              1,
              0,
              0,
              Tunnel.DEFAULT);
      servers.add(new AddServer(services.get(i % 3).key(), server));
    }
    kernel.ipvs().execute(services);
    kernel.ipvs().execute(servers);
    assertThat(kernel.ipvs().services()).hasSizeGreaterThan(180);
    compare("-L", "-n");
    compare("-S", "-n");
  }

  private static ServiceKey randomKey(Random random) {
    AddressFamily family = random.nextInt(3) == 0 ? AddressFamily.IPV6 : AddressFamily.IPV4;
    if (random.nextInt(10) == 0) {
      return ServiceKey.ofMark(family, random.nextInt() | 1);
    }
    Protocol protocol = List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP).get(random.nextInt(3));
    return ServiceKey.of(
        protocol, randomAddress(random, family == AddressFamily.IPV6), random.nextInt(0x10000));
  }

  private static IpAddress randomAddress(Random random, boolean ipv6) {
    return ipv6
        ? new IpAddress(AddressFamily.IPV6, random.nextLong() & ~(0xc0L << 56), random.nextLong())
        : new IpAddress(AddressFamily.IPV4, 0, 1 + random.nextInt(0xdfff_ff) * 256L);
  }

  private void compare(String... arguments) throws Exception {
    assertThat(ours(arguments)).as(String.join(" ", arguments)).isEqualTo(tool("", arguments));
  }

  private Result ours(String... arguments) {
    return IpvsadmRuns.ours(kernel.ipvs(), "", arguments);
  }

  private static Result tool(String input, String... arguments) throws Exception {
    return IpvsadmRuns.tool(input, arguments);
  }
}
