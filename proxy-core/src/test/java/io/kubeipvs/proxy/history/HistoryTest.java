package io.kubeipvs.proxy.history;

import static io.kubeipvs.proxy.Objects.OLD;
import static io.kubeipvs.proxy.Objects.service;
import static io.kubeipvs.proxy.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.Reports;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.http.HttpAnswer;
import io.kubeipvs.proxy.http.HttpQuestion;
import io.kubeipvs.proxy.json.JsonValue;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final History history = new History(500, 1 << 20, NOON);
  private final FlightRecorder recorder = new FlightRecorder(history, Runnable::run, () -> NOON);
  private final Bench bench = new Bench(recorder);

  @Test
  void syncIsShownWithTheVersionsOfTheObjectsThatLedToIt() throws IOException {
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    bench.tracker.slice(version(slice("web", Protocol.TCP, "10.1.0.1"), 4711));
    bench.tracker.listed();
    sync(true);

    JsonValue first = entries().get(0);
    assertThat(first.get("look").text()).isEqualTo("full");
    assertThat(first.get("reason").text()).isEqualTo("first sync");
    assertThat(first.get("causesTotal").number()).isEqualTo(2);
    assertThat(HistoryText.text(first))
        .startsWith("2026-03-01T12:00:00Z  sync 1, full (first sync): ")
        .contains("\n    because  Service default/web\n")
        .contains("\n    because  EndpointSlice default/web-1 at 4711\n")
        .contains("\n    did      ipvsadm -A -t 10.96.0.10:80 -s rr\n")
        .contains("\n    did      ipset add KUBE-CLUSTER-IP 10.96.0.10,tcp:80\n")
        .contains("\n    took     observe ");
  }

  @Test
  void versionAloneIsNoChange() {
    bench.web("10.1.0.1");
    sync(true);
    bench.tracker.slice(version(slice("web", Protocol.TCP, "10.1.0.1"), 4712));

    assertThat(bench.tracker.take().dirty()).isEmpty();
  }

  @Test
  void repairsTellWhatWasExpectedAndWhatWasFound() throws IOException {
    bench.web("10.1.0.1");
    sync(true);
    bench.kernel.ipvs.tamper(
        new IpvsCommand.UpdateServer(
            WEB, RealServer.masquerade(IpAddress.of("10.1.0.1"), 8080, 7)));
    sync(true);

    assertThat(HistoryText.text(entries().get(1)))
        .contains("(a full look is due): 1 operation, 1 repair in")
        .contains(
            "\n    repaired weight: expected 1, found 7: ipvsadm -e -t 10.96.0.10:80"
                + " -r 10.1.0.1:8080 -m -w 1\n");
  }

  @Test
  void idleLooksAreCountedAndNotKept() throws IOException {
    bench.web("10.1.0.1");
    sync(true);
    for (int i = 0; i < 1000; i++) {
      sync(true);
    }
    JsonValue all = JsonValue.parse(history.json(0, 100));

    assertThat(all.get("entries").items()).hasSize(1);
    assertThat(all.get("idle").number()).isEqualTo(1000);
    assertThat(all.get("lastIdle").text()).isEqualTo("2026-03-01T12:00:00Z");
  }

  @Test
  void syncThatWasGivenUpIsShownWithItsCause() throws IOException {
    bench.tracker.service(service("web", OLD, Protocol.TCP, "10.96.0.10"));
    recorder.began(bench.tracker.take(), true);
    recorder.failed(new IOException("no kernel"));
    recorder.began(bench.tracker.take(), true);
    recorder.synced(Reports.NOTHING, SyncStatus.NEVER, ChangeTracker.Applied.NOTHING);

    assertThat(HistoryText.text(entries().get(0)))
        .contains("given up")
        .contains("because  Service default/web")
        .contains("error    no kernel");
  }

  /** The worst a sync can be: everything that is kept is there, and as long as can be. */
  @Test
  void memoryIsBoundedWhateverHappens() {
    String reason = "\u00e4".repeat(5000);
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      failures.add(
          new Failure(
              Reports.failure(new IpvsCommand.DeleteService(WEB)).operation(),
              Optional.empty(),
              reason));
    }
    SyncReport worst =
        new SyncReport(true, 9, List.of(), failures, List.of(), Map.of(), 0, Duration.ofMillis(1));
    for (int i = 0; i < 5000; i++) {
      recorder.synced(worst, SyncStatus.NEVER, ChangeTracker.Applied.NOTHING);
    }

    assertThat(history.bytes()).isBetween(900_000, 1 << 20);
    assertThat(history.size()).isLessThan(100);
    for (int i = 0; i < 1000; i++) {
      bench.tracker.service(service("web" + i, OLD, Protocol.TCP, "10.96.1.1"));
      recorder.began(bench.tracker.take(), false);
      recorder.synced(Reports.NOTHING, SyncStatus.NEVER, ChangeTracker.Applied.NOTHING);
    }
    assertThat(history.size()).isEqualTo(500);
    System.out.println("figure: history: 500 small syncs: " + history.bytes() + " bytes");
  }

  @Test
  void onlyWhatIsNewIsAskedFor() throws Exception {
    for (int i = 0; i < 5; i++) {
      bench.web("10.1.0." + (i + 1));
      sync(false);
    }
    HistoryPage page = new HistoryPage(history);

    assertThat(numbers(page, "since=4")).containsExactly(4L, 5L);
    assertThat(numbers(page, "since=0&limit=2")).containsExactly(4L, 5L);
    assertThat(numbers(page, "since=nonsense&limit=-1")).hasSize(5);
    assertThat(numbers(page, "since=99")).isEmpty();
  }

  @Test
  void textOfOthersCannotCommandATerminalNorAPage() throws IOException {
    recorder.failed(new IOException("\u001b[2J<script>alert(1)</script>\n\u2028'\"\\"));

    assertThat(history.json(0, 1)).doesNotContain("<").matches("\\p{ASCII}*");
    JsonValue entry = entries().get(0);
    assertThat(entry.get("error").text())
        .isEqualTo("\u001b[2J<script>alert(1)</script>\n\u2028'\"\\");
    assertThat(HistoryText.text(entry)).doesNotContain("\u001b");
    assertThat(JsonValue.parse(HistoryText.json(entry)).tree()).isEqualTo(entry.tree());
    assertThat(HistoryText.yaml(entry)).startsWith("---\nnumber: 1\n");
  }

  private static List<Long> numbers(HistoryPage page, String query) throws Exception {
    HttpAnswer answer =
        page.handle(new HttpQuestion("GET", HistoryPage.PATH, query, false, false))
            .toCompletableFuture()
            .get();
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    return JsonValue.parse(body).get("entries").items().stream()
        .map(each -> each.get("number").number())
        .toList();
  }

  private List<JsonValue> entries() throws IOException {
    return JsonValue.parse(history.json(0, 1000)).get("entries").items();
  }

  private void sync(boolean full) {
    SyncReport report = full ? bench.fullSync() : bench.sync();
    recorder.synced(report, bench.loop.status(), bench.tracker.applied());
  }

  private static EndpointSlice version(EndpointSlice slice, long version) {
    return new EndpointSlice(
        slice.name(),
        slice.service(),
        slice.family(),
        slice.ports(),
        slice.endpoints(),
        slice.triggered(),
        version);
  }
}
