package io.kubeipvs.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list as Linux 6.18 showed it; 250 ticks a second. */
class RecentListsTest {
  private final Path proc;

  RecentListsTest(@TempDir Path proc) throws IOException {
    this.proc = proc;
    Path lists = Files.createDirectories(proc.resolve("thread-self/net/xt_recent"));
    Files.writeString(
        lists.resolve("KUBE-SEP-A"),
        """
        src=192.0.2.10 ttl: 63 last_seen: 4304031435 oldest_pkt: 2 4304030000, 4304031435
        src=fd00:0010:0244:0000:0000:0000:0000:0005 ttl: 64 last_seen: 4304033935 oldest_pkt: 1 4304033935
        what a later kernel may say
        """);
  }

  private void clock(String timers) throws IOException {
    Files.writeString(proc.resolve("timer_list"), timers);
    Files.writeString(proc.resolve("uptime"), "36566.80 15838.90\n");
  }

  @Test
  void ticksAreToldFromTheTimeSinceTheStart() throws IOException {
    clock("Timer List Version: v0.10\n  .last_jiffies   : 4304033729\njiffies: 4304033935\n");

    assertThat(new RecentLists(proc).read())
        .containsExactly(
            new RecentClient("KUBE-SEP-A", IpAddress.of("192.0.2.10"), Optional.of(10_000L)),
            new RecentClient("KUBE-SEP-A", IpAddress.of("fd00:10:244::5"), Optional.of(0L)));
  }

  /** In a container with a time since the start of its own. */
  @Test
  void ticksThatDoNotFitTheTimeSinceTheStartSayNothing() throws IOException {
    clock("jiffies: 4304033935\n");
    Files.writeString(proc.resolve("uptime"), "3600.00 1.00\n");

    assertThat(new RecentLists(proc).read())
        .extracting(RecentClient::millisecondsAgo)
        .containsOnly(Optional.empty());
  }

  @Test
  void withoutTheKernelsTimersItIsNotSaidWhen() throws IOException {
    assertThat(new RecentLists(proc).read())
        .extracting(RecentClient::millisecondsAgo)
        .containsOnly(Optional.empty());
  }

  @Test
  void whereNoRuleRemembersThereIsNobody() throws IOException {
    assertThat(new RecentLists(proc.resolve("elsewhere")).read()).isEmpty();
  }
}
