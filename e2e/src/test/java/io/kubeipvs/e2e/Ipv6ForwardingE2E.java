package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services over IPv6 on a node that does not forward, as kernels are before somebody asks. */
final class Ipv6ForwardingE2E extends ExposedScenario {
  private static final String ALL = "net/ipv6/conf/all/forwarding";

  /** From the router, to all nodes: "I am here for half an hour". */
  private static final String ADVERTISE =
      """
      import socket
      s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
      s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
      device = socket.if_nametoindex("vethnode1")
      s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, device)
      s.sendto(bytes([134, 0, 0, 0, 64, 0, 7, 8] + [0] * 8), ("ff02::1", 0, 0, device))
      """;

  @Test
  void thatItIsOffIsSaidAndItIsSwitchedOnWithoutLosingTheRouters() {
    serve(web("ClusterIP"), a);
    node1.sysctl(ALL, 0);
    node1.sysctl("net/ipv6/conf/eth0/accept_ra", 1);
    node1.sysctl("net/ipv6/conf/vetha/accept_ra", 0);
    try {
      Daemon without = start();
      without.awaitLog(PATIENCE, log -> log.contains("--ipv6-forwarding switches it on"));
      awaitVips(List.of(VIP, VIP_V6), a);
      Request outside = fresh(Protocol.TCP, VIP_V6, PORT, 2).within(Duration.ofMillis(500));
      assertThat(client.request(outside).answers()).isEmpty();
      advertise();
      without.terminate();
      without.close();

      start("--ipv6-forwarding").awaitLog(PATIENCE, log -> log.contains("eth0.accept_ra = 2"));
      assertThat(setting("net/ipv6/conf/vetha/accept_ra")).isEqualTo("0");
      assertThat(setting(ALL)).isEqualTo("1");
      awaitVips(List.of(VIP, VIP_V6), a);
      assertAnswered(client, Protocol.TCP, VIP_V6, PORT, node1.v6(), a);
      assertThat(learned()).as("the router it had learned").isNotEmpty();
      forget();
      advertise();
    } finally {
      forget();
      node1.enableForwarding();
    }
  }

  private void advertise() {
    List<String> command =
        List.of("ip", "netns", "exec", "router", "/usr/bin/python3", "-c", ADVERTISE);
    Output.run(command, "", PATIENCE).orFail();
    Await.until(PATIENCE, () -> !learned().isEmpty(), this::learned);
  }

  private String learned() {
    return node1.run("ip", "-6", "route", "show", "default", "proto", "ra").orFail().stdout();
  }

  private void forget() {
    node1.run("ip", "-6", "route", "del", "default", "proto", "ra");
  }

  private String setting(String key) {
    return node1.run("cat", "/proc/sys/" + key).orFail().stdout().strip();
  }
}
