package io.kubeipvs.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.NetworkNames;
import io.kubeipvs.net.Protocol;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test on the kernel compares many more command lines with the C tool. */
final class IpvsadmWritingTest {
  private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, IpAddress.of("10.0.0.1"), 80);

  private final FakeIpvs ipvs = new FakeIpvs();
  private String errors = "";

  private int run(String input, String line) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Ipvsadm.run(
            List.of(line.split(" ", -1)),
            ipvs,
            NetworkNames.NONE,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    errors = err.toString(StandardCharsets.UTF_8);
    return code;
  }

  @Test
  void servicesAndServersAreAddedEditedAndDeleted() throws IOException {
    assertThat(run("", "-A -t 10.0.0.1:80 -s sh -b sh-port -p 60")).isZero();
    assertThat(run("", "-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 3 -x 9")).isZero();
    assertThat(ipvs.service(WEB).orElseThrow().service())
        .hasToString("-t 10.0.0.1:80 -s sh -p 60 -b sh-port");
    assertThat(ipvs.servers(WEB)).hasSize(1);
    assertThat(IpvsadmText.server(WEB, ipvs.servers(WEB).get(0).server()))
        .isEqualTo("-t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 3 -x 9");

    assertThat(run("", "-E -t 10.0.0.1:80")).isZero();
    assertThat(ipvs.service(WEB).orElseThrow().service()).hasToString("-t 10.0.0.1:80 -s wlc");
    assertThat(run("", "-d -t 10.0.0.1:80 -r 10.1.0.1:8080")).isZero();
    assertThat(run("", "-D -t 10.0.0.1:80")).isZero();
    assertThat(ipvs.services()).isEmpty();
  }

  @Test
  void refusalsGetTheToolsWords() {
    assertThat(run("", "-D -t 10.0.0.1:80")).isEqualTo(255);
    assertThat(errors).isEqualTo("No such service\n");
    assertThat(run("", "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m")).isEqualTo(255);
    assertThat(errors).isEqualTo("Service not defined\n");
    assertThat(run("", "-A -t 10.0.0.1:80")).isZero();
    assertThat(run("", "-A -t 10.0.0.1:80")).isEqualTo(255);
    assertThat(errors).isEqualTo("Service already exists\n");
  }

  @Test
  void aWrongLineEndsARestoreAfterThoseBeforeIt() throws IOException {
    String rules = "-A -t 10.0.0.1:80\n-A -t nonsense\n-A -t 10.0.0.2:80\n";
    assertThat(run(rules, "-R")).isEqualTo(2);
    assertThat(errors).isEqualTo("illegal virtual server address[:port] specified\n");
    assertThat(ipvs.services()).hasSize(1);
  }

  @Test
  void aRefusedLineDoesNotEndARestore() throws IOException {
    String rules = "-A -t 10.0.0.1:80\n-A -t 10.0.0.1:80\n-A -t 10.0.0.2:80\n";
    assertThat(run(rules, "-R")).isZero();
    assertThat(errors).isEqualTo("Service already exists\n");
    assertThat(ipvs.services()).hasSize(2);
  }

  @Test
  void aRestoreInARestoreIsRefused() {
    assertThat(run("-R\n", "-R")).isEqualTo(255);
    assertThat(errors).startsWith("Try `ipvsadm -h'");
  }

  @Test
  void connectionsAreReadAsTheKernelShowsThem() throws IOException {
    String shown =
        """
        Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
        TCP 0A000002 C350 0A60000A 0050 0AF40005 1F90 ESTABLISHED     899
        UDP fd00:0000:0000:0000:0000:0000:0000:0002 0035 fd00:0000:0000:0000:0000:0000:0000:0010 0035 fd01:0000:0000:0000:0000:0000:0000:0001 14E9 UDP             61 sip abc
        """;
    List<IpvsConnection> connections =
        IpvsConnection.read(new BufferedReader(new StringReader(shown)));
    assertThat(connections).hasSize(2);
    assertThat(connections.get(0).virtual()).isEqualTo(IpAddress.of("10.96.0.10"));
    assertThat(connections.get(0).serverPort()).isEqualTo(8080);
    assertThat(connections.get(1).engine()).contains(new IpvsConnection.Engine("sip", "abc"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new IpvsadmConnections(false, new IpvsadmNaming(Optional.empty()))
        .print(connections, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            IPVS connection entries
            pro expire state       source             virtual            destination
            TCP 14:59  ESTABLISHED 10.0.0.2:50000     10.96.0.10:80      10.244.0.5:8080
            UDP 01:01  UDP         [fd00::2]:53       [fd00::10]:53      [fd01::1]:5353
            """);
  }

  /** Of a timer that is just due; kernels differ. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "18446744073709551615", "-1"})
  void aConnectionWhoseTimeIsOverIsReadToo(String expires) throws IOException {
    String shown = "\nTCP 0A000002 C350 0A60000A 0050 0AF40005 1F90 TIME_WAIT " + expires + "\n";
    assertThat(IpvsConnection.read(new BufferedReader(new StringReader(shown))))
        .singleElement()
        .extracting(IpvsConnection::expiresSeconds)
        .isEqualTo(0L);
  }
}
