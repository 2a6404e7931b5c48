package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A set outgrows its {@code maxelem} while a rule looks into it for every packet. */
@IpvsOnly("about sets, which iptables mode does not have")
final class GrowthE2E extends ExposedScenario {
  private static final String SET = "KUBE-LOAD-BALANCER-SOURCE-CIDR";
  private static final Pattern ENTRIES = Pattern.compile("Number of entries: (\\d+)");
  private static final Pattern ROOM = Pattern.compile("maxelem (\\d+)");
  private static final int FEW = 60_000;
  private static final int MANY = 66_000;

  @Test
  void aSetBeyond65536EntriesLosesNoneAndNobodyNotices() {
    Client outsider = cluster.addClient();
    serveRanges(FEW);
    start();
    awaitEntries(FEW + 1);
    awaitServed(ServiceKey.of(Protocol.TCP, OUTER, PORT), a, c); // entries come before the rest
    assertThat(found(ROOM)).isEqualTo(65_536);

    Request request = Request.tcp(OUTER, PORT).times(0).pausing(Duration.ofMillis(20));
    try (Load welcome = client.start(request.within(Duration.ofSeconds(30)));
        Load unwelcome = outsider.start(request.within(Duration.ofMillis(200)))) {
      Await.until(PATIENCE, () -> welcome.soFar().answers().size() > 50, () -> "no answers");
      long began = System.nanoTime();
      serveRanges(MANY);
      awaitEntries(MANY + 1);
      figure(MANY + " entries after", millisSince(began) + " ms");
      Answers answers = welcome.stop();
      assertThat(answers.failures()).isEmpty();
      figure("requests of those who may, failed", answers.answers().size() + ", 0");
      assertThat(unwelcome.stop().answers()).as("those who may not").isEmpty();
    }
    assertThat(found(ROOM)).isGreaterThan(MANY);
    serveRanges(0);
    awaitEntries(1);
    assertThat(KernelState.of(node1).sets()).noneMatch(name -> name.contains("GROW"));
  }

  /** That many networks of one address each that nobody has, and the client's. */
  private void serveRanges(int count) {
    List<String> ranges = new ArrayList<>(List.of(client.v4() + "/32"));
    for (int i = 0; i < count; i++) {
      ranges.add("172.%d.%d.%d/32".formatted(16 + (i >> 15), i >> 7 & 0xff, 2 * (i & 0x7f)));
    }
    serve(
        ExposedManifest.of("LoadBalancer", "web", VIP)
            .port(Protocol.TCP, PORT)
            .ingress(OUTER)
            .with("loadBalancerSourceRanges: " + ranges),
        a,
        c);
  }

  private void awaitEntries(int count) {
    Await.until(PATIENCE.multipliedBy(2), () -> found(ENTRIES) == count, () -> listed());
  }

  private String listed() {
    return node1.run("ipset", "-t", "list", SET).stdout();
  }

  private int found(Pattern pattern) {
    Matcher matcher = pattern.matcher(listed());
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
  }
}
