package io.kubeipvs.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.IpvsadmListing.Entry;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.net.Protocol;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Text as the C tool printed it on 6.1; a test on the kernel compares many more tables with it. */
final class IpvsadmListingTest {
  private static final IpvsInfo INFO = new IpvsInfo(0x010201, 4096);
  private static final ServiceKey WEB = key(Protocol.TCP, "10.0.0.1", 80);

  private final FakeIpvs ipvs = new FakeIpvs();
  private String errors = "";

  private static ServiceKey key(Protocol protocol, String address, int port) {
    return ServiceKey.of(protocol, IpAddress.of(address), port);
  }

  private static VirtualService service(ServiceKey key) {
    return VirtualService.of(key, Scheduler.ROUND_ROBIN);
  }

  private static RealServer server(String address, ForwardingMethod method, Tunnel tunnel) {
    return new RealServer(new ServerKey(IpAddress.of(address), 80), method, 1, 100, 50, tunnel);
  }

  private String run(int exitCode, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Ipvsadm.run(
            List.of(arguments),
            ipvs,
            NetworkNames.NONE,
            InputStream.nullInputStream(),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    errors = err.toString(StandardCharsets.UTF_8);
    assertThat(code).as(errors).isEqualTo(exitCode);
    return out.toString(StandardCharsets.UTF_8);
  }

  private void fill() {
    ipvs.tamper(
        new AddService(
            new VirtualService(
                WEB,
                Scheduler.SOURCE_HASHING,
                new ServiceFlags(ServiceFlags.PERSISTENT | ServiceFlags.SCHEDULER_2),
                10_800,
                0xffff_ff00,
                "")),
        new AddServer(WEB, server("10.1.0.2", ForwardingMethod.MASQUERADE, Tunnel.DEFAULT)),
        new AddServer(
            WEB, server("10.1.0.1", ForwardingMethod.TUNNEL, new Tunnel(Tunnel.GUE, 6080, 1))),
        new AddService(service(key(Protocol.UDP, "fd00::1", 53))),
        new AddService(service(ServiceKey.ofMark(AddressFamily.IPV6, 7))));
  }

  @Test
  void emptyTableHasItsTitles() {
    String titles =
        """
        IP Virtual Server version 1.2.1 (size=4096)
        Prot LocalAddress:Port Scheduler Flags
          -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
        """;
    assertThat(run(0, "-L", "-n")).isEqualTo(titles);
    assertThat(run(0)).isEqualTo(titles);
    assertThat(IpvsadmListing.LIST.text(INFO, List.of())).isEqualTo(titles);
    assertThat(run(0, "-S", "-n")).isEmpty();
  }

  @Test
  void serversStandBelowTheirService() {
    fill();
    assertThat(run(0, "-Ln"))
        .isEqualTo(
            """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            TCP  10.0.0.1:80 sh (sh-port) persistent 10800 mask 255.255.255.0
              -> 10.1.0.1:80                  Tunnel  1      0          0        \s
              -> 10.1.0.2:80                  Masq    1      0          0        \s
            UDP  [fd00::1]:53 rr
            FWM  7 IPv6 rr
            """);
  }

  @Test
  void savedTextIsCommands() {
    fill();
    assertThat(run(0, "-Sn"))
        .isEqualTo(
            """
            -A -t 10.0.0.1:80 -s sh -p 10800 -M 255.255.255.0 -b sh-port
            -a -t 10.0.0.1:80 -r 10.1.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
            -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m -w 1
            -A -u [fd00::1]:53 -s rr
            -A -f 7 -6 -s rr
            """);
  }

  @Test
  void textOfValuesIsWhatIsReadFromTheTable() {
    fill();
    List<Entry> entries =
        ipvs.services().stream().map(s -> new Entry(s, ipvs.servers(s.service().key()))).toList();
    assertThat(IpvsadmListing.LIST.text(INFO, entries)).isEqualTo(run(0, "-Ln"));
    assertThat(IpvsadmListing.SAVE.text(INFO, entries)).isEqualTo(run(0, "-Sn"));
  }

  @Test
  void oneServiceIsListedWithoutTheVersion() {
    fill();
    assertThat(run(0, "-L", "-n", "-t", "10.0.0.1:80", "--thresholds"))
        .isEqualTo(
            """
            Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn\s
              -> RemoteAddress:Port
            TCP  10.0.0.1:80 sh (sh-port) persistent 10800 mask 255.255.255.0
              -> 10.1.0.1:80                  100        50         0          0        \s
              -> 10.1.0.2:80                  100        50         0          0        \s
            """);
    run(1, "-L", "-n", "-t", "10.0.0.1:81");
    assertThat(errors).isEqualTo("No such service\n");
  }

  @Test
  void largeNumbersAreShortenedUnlessExact() {
    ipvs.tamper(new AddService(service(WEB)));
    ipvs.setStatistics(
        WEB,
        new Statistics(
            99_999_999L,
            100_000_000L,
            1_000_000_000L,
            100_000_000_000L,
            100_000_000_000_000L,
            0,
            0,
            0,
            0,
            0));
    assertThat(run(0, "-L", "-n", "--stats").lines().skip(3))
        .containsExactly(
            "TCP  10.0.0.1:80                  99999999  100000K    1000M     100G     100T");
    assertThat(run(0, "-L", "-n", "--stats", "--exact").lines().skip(3))
        .containsExactly(
            "TCP  10.0.0.1:80                  99999999 100000000 1000000000 100000000000"
                + " 100000000000000");
  }

  /** The tool subtracts addresses as 32-bit numbers and looks at the sign. */
  @Test
  void addressesFarApartAreListedTheWrongWayRound() {
    Stream.of("192.168.0.1", "172.16.0.1", "10.0.0.1")
        .forEach(a -> ipvs.tamper(new AddService(service(key(Protocol.TCP, a, 80)))));
    assertThat(run(0, "-Sn").lines())
        .containsExactly(
            "-A -t 172.16.0.1:80 -s rr", "-A -t 192.168.0.1:80 -s rr", "-A -t 10.0.0.1:80 -s rr");
  }

  @Test
  void unreadableOptionsGetTheToolsWords() {
    run(255, "-L", "--foo");
    assertThat(errors).isEqualTo("--foo: unknown option\n");
    run(255, "-n");
    assertThat(errors).isEqualTo("Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n");
    run(2, "-S", "-n", "--stats");
    assertThat(errors).isEqualTo("Illegal 'stats' option with the 'save' command\n");
  }

  @Test
  void helpNamesWhatThereIs() {
    assertThat(run(0, "-h")).startsWith("Usage:\n").contains("--persistent-conn");
  }
}
