package io.kubeipvs.proxy.inspect.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.list.ServiceList.Server;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListTextTest {
  @Test
  void tableHasAColumnForEachThing() {
    assertThat(new ListText(false, false, 200).text(list("web-7d4b9c6f5d-x2x9z")))
        .isEqualTo(
            """
            SERVICE / POD              KIND / NODE  ADDRESS            POLICY   SCHEDULER  WEIGHT  ACTIVE  INACTIVE  STATE
            default/web:http           cluster IP   TCP 10.96.0.1:80   Cluster  rr, 600 s               3        12
              -> web-7d4b9c6f5d-x2x9z    node1        10.244.1.7:8080                           0       3        12  draining, gone, 25 s left
            # left out: a remark
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 60, 79})
  void noLineIsLongerThanTheTerminal(int width) {
    String text = new ListText(true, true, width).text(list("web-7d4b9c6f5d-x2x9z"));

    assertThat(text.lines()).allMatch(line -> line.length() <= width);
    assertThat(text.replaceAll("\\s+", "")).contains("10.244.1.7:8080", "draining,gone,25sleft");
  }

  /** Names come from the cluster. */
  @Test
  void controlCharactersNeverReachTheTerminal() {
    assertThat(new ListText(false, false, 200).text(list("a\u001b[2J\nb\u202ec")))
        .contains("a?[2J?b?c")
        .doesNotContain("\u001b");
  }

  private static ServiceList list(String pod) {
    Server server =
        new Server(
            IpAddress.of("10.244.1.7"),
            8080,
            pod,
            "node1",
            "zone-a",
            0,
            "draining, gone",
            Optional.of(25L),
            3,
            12,
            0,
            Optional.of(Statistics.ZERO));
    Entrance entrance =
        new Entrance(
            "default",
            "web",
            "http",
            "cluster IP",
            Protocol.TCP,
            Optional.of(IpAddress.of("10.96.0.1")),
            80,
            "Cluster",
            "rr",
            600,
            "",
            Optional.of(Statistics.ZERO),
            List.of(server));
    return new ServiceList(
        Instant.EPOCH, "ipvs", "test", List.of(entrance), List.of("left out: a remark"));
  }
}
