package io.kubeipvs.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.Objects;
import io.kubeipvs.proxy.config.ModeInForce;
import io.kubeipvs.proxy.health.ProxyHealth;
import io.kubeipvs.proxy.history.FlightRecorder;
import io.kubeipvs.proxy.history.History;
import io.kubeipvs.proxy.history.HistoryPage;
import io.kubeipvs.proxy.http.HttpHandler;
import io.kubeipvs.proxy.http.HttpLimits;
import io.kubeipvs.proxy.http.HttpPaths;
import io.kubeipvs.proxy.http.HttpServers;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.Bench;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser, Debian's Chromium, over the real server; the kernel is on paper.
 * {@code make test-page} runs it, and leaves pictures in the directory that {@code
 * -Dkubeipvs.pictures} names.
 */
class StatusPageBrowserIT {
  private static final Path PICTURES =
      Path.of(System.getProperty("kubeipvs.pictures", "target/pictures"));
  private static final int READS = 62;
  private static final String MARKUP = "<img src=x onerror=document.body.dataset.taken=1>";
  private static final String SCRIPT = "\"'><script>document.body.dataset.taken=1</script>";

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final HttpServers http = HttpServers.start(HttpLimits.DEFAULT);
  private final ChangeTracker tracker = new ChangeTracker("worker-3.example.net");
  private final History history = new History(500, 1 << 20, Instant.now());
  private List<Problem> problems = List.of();
  private ModeInForce mode = ModeInForce.IPVS;

  private final Path scratch;

  StatusPageBrowserIT(@TempDir Path scratch) {
    this.scratch = scratch;
  }

  @AfterEach
  void close() {
    http.close();
    thread.shutdownNow();
  }

  @Test
  void smallClusterIsShown() throws Exception {
    String url = serve(new ClusterOnPaper(12, 6, tracker).fill());
    syncsHappen();
    String dom = dom(url);

    assertThat(dom)
        .contains("data-ready=\"yes\"", ">healthy<", ">mode ipvs<", "worker-3.example.net")
        .contains("<b>web</b>", "TCP 10.96.0.0:443", "no servers", "draining")
        .contains("1 repair", "first sync", "weight: expected 1, found 9")
        .contains("1 to 12 of 12");
    assertThat(dom.split("<details data-key=|data-key=\"", -1)).hasSizeGreaterThan(12);
    picture(url, "status-small", 1280, 1400, false);
    picture(url + "#search=shop+web", "status-service", 1280, 760, false);
    picture(url, "status-small-dark", 1280, 1400, true);
    picture(url, "status-small-narrow", 400, 1500, false);
  }

  @Test
  void tenThousandServicesAreSearched() throws Exception {
    String url = serve(new ClusterOnPaper(10_000, 10, tracker).fill());
    syncsHappen();
    long began = System.nanoTime();
    String dom = dom(url);
    figure("10,000 services, browser start included", began);

    assertThat(dom).contains("1 to 50 of 10\u2009000");
    assertThat(dom(url + "#search=payments+ledger-1")).contains("<b>ledger-1");
    assertThat(dom(url + "#search=payments+ledger-1")).doesNotContain("<b>web");
    assertThat(dom(url + "#search=no-such-thing")).contains("Nothing matches.");
    assertThat(dom(url + "#filter=draining&sort=active")).contains(" draining");
    picture(url + "#filter=busy", "status-10000", 1280, 1400, false);
    stateIsQuick(url);
  }

  private static void stateIsQuick(String url) throws IOException {
    for (String query : List.of("", "search=web", "search=10.129.3.7", "sort=rate")) {
      long began = System.nanoTime();
      int length = new URL(url + "debug/state?" + query).openStream().readAllBytes().length;
      figure("/debug/state?" + query + " (" + length + " bytes)", began);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }
  }

  /**
   * Names, addresses and errors come from the cluster; whoever may write there runs nothing here.
   */
  @Test
  void textOfTheClusterNeverRuns() throws Exception {
    ClusterOnPaper cluster = new ClusterOnPaper(0, 3, tracker);
    cluster.add(MARKUP, SCRIPT, 1);
    cluster.add("javascript:alert(1)", "{{7*7}}", 2);
    problems = List.of(new Problem("x.yaml", MARKUP, SCRIPT, "</style></script>" + MARKUP));
    FlightRecorder recorder = recorder();
    recorder.failed(new IOException(MARKUP + SCRIPT));
    String dom = dom(serve(cluster) + "#search=" + "%22%3E%3Cscript%3E");

    assertThat(dom)
        .contains("data-ready=\"yes\"")
        .contains("&lt;img src=x onerror=document.body.dataset.taken=1&gt;")
        .doesNotContain("data-taken", "<img");
    assertThat(dom.split("<script", -1)).as("scripts").hasSize(2);
  }

  /** Rules keep no connections: none are claimed, and none denied. */
  @Test
  void inIptablesModeNothingIsSaidOfConnections() throws Exception {
    mode = ModeInForce.IPTABLES;
    String dom = dom(serve(new ClusterOnPaper(0, 0, tracker)));

    assertThat(dom)
        .contains(">mode iptables<", "as rules of iptables", "rules keep no connections")
        .contains("kube-ipvs list -o wide")
        .containsPattern("id=\"active\"[^>]*>\u2013<")
        .containsPattern("id=\"rate\"[^>]*>\u2013<")
        .containsPattern("id=\"draining\"[^>]*>\u2013<");
  }

  @Test
  void daemonThatIsAwayIsSaidToBe() throws Exception {
    String url = serve(Map.of());
    assertThat(dom(url)).contains("no answer: ").doesNotContain("data-ready");
  }

  private String serve(ClusterOnPaper cluster) throws IOException {
    tracker.listed();
    tracker.take();
    tracker.applied();
    return serve(
        Map.of(
            StatePage.PATH,
            new StatePage(facts(), () -> cluster, thread, Duration.ZERO),
            HistoryPage.PATH,
            new HistoryPage(history)));
  }

  private String serve(Map<String, HttpHandler> more) throws IOException {
    Map<String, HttpHandler> pages = new HashMap<>(more);
    pages.put("/", new StatusPage());
    HttpServers.Listening server =
        http.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new HttpPaths(pages));
    return "http://127.0.0.1:" + server.port() + "/";
  }

  private Facts facts() {
    ProxyHealth health = new ProxyHealth(tracker, Duration.ofSeconds(60), InstantSource.system());
    health.began();
    return new Facts("worker-3.example.net", "0.1.0", mode, this::status, health::verdict, tracker);
  }

  private SyncStatus status() {
    int servers =
        tracker.services().stream()
            .mapToInt(
                each ->
                    tracker.input(each.name()).slices().stream()
                        .mapToInt(slice -> slice.endpoints().size())
                        .sum())
            .sum();
    return new SyncStatus(
        7,
        Optional.of(Instant.now()),
        99,
        List.of(),
        problems,
        List.of(),
        List.of(),
        tracker.services().size(),
        servers,
        0);
  }

  private FlightRecorder recorder() {
    return new FlightRecorder(history, Runnable::run, InstantSource.system());
  }

  /** Real ones of a small loop: a start, a change, and a repair. */
  private void syncsHappen() {
    FlightRecorder recorder = recorder();
    Bench bench = new Bench(recorder);
    bench.tracker.service(Objects.service("web", Objects.OLD, Protocol.TCP, "10.96.0.10"));
    bench.tracker.slice(Objects.slice("web", Protocol.TCP, "10.1.0.1", "10.1.0.2"));
    bench.tracker.listed();
    recorder.synced(bench.fullSync(), bench.loop.status(), bench.tracker.applied());
    bench.tracker.slice(Objects.slice("web", Protocol.TCP, "10.1.0.1", "10.1.0.2", "10.1.0.3"));
    recorder.synced(bench.sync(), bench.loop.status(), bench.tracker.applied());
    bench.kernel.ipvs.tamper(
        new IpvsCommand.UpdateServer(
            ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80),
            RealServer.masquerade(IpAddress.of("10.1.0.2"), 8080, 9)));
    recorder.synced(bench.fullSync(), bench.loop.status(), bench.tracker.applied());
    recorder.synced(bench.fullSync(), bench.loop.status(), bench.tracker.applied());
  }

  // The browser.

  private String dom(String url) throws Exception {
    return chromium(List.of("--dump-dom", "--virtual-time-budget=6000"), url);
  }

  private void picture(String url, String name, int width, int height, boolean dark)
      throws Exception {
    Files.createDirectories(PICTURES);
    Path file = PICTURES.resolve(name + ".png").toAbsolutePath();
    chromium(
        List.of(
            "--screenshot=" + file,
            "--window-size=" + width + "," + height,
            "--hide-scrollbars",
            "--virtual-time-budget=" + 2000 * READS,
            "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1)),
        url);
    assertThat(file).isNotEmptyFile();
  }

  private String chromium(List<String> options, String url) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "chromium",
                "--headless=new",
                "--no-sandbox", // it refuses to have one as root, and loads this page only
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--user-data-dir=" + Files.createTempDirectory(scratch, "profile")));
    command.addAll(options);
    command.add(url);
    Path out = Files.createTempFile(scratch, "out", "");
    Process browser =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(scratch.resolve("errors").toFile())
            .start();
    boolean ended = browser.waitFor(120, TimeUnit.SECONDS);
    browser.destroyForcibly();
    assertThat(ended).as("browser ended").isTrue();
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  private static void figure(String what, long began) {
    System.out.println(
        "figure: status page: "
            + what
            + ": "
            + Duration.ofNanos(System.nanoTime() - began).toMillis()
            + " ms");
  }
}
