package io.kubeipvs.proxy.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionsTest {
  private static final IpAddress POD = IpAddress.of("10.244.0.5");

  private static Question parse(String client, String destination)
      throws Questions.UnreadableException {
    return Questions.parse(
        client,
        destination,
        "",
        name -> Optional.of(POD).filter(pod -> name.equals("default/web-1")));
  }

  @Test
  void clientsAreAddressesPodsTheNodeOrConnections() throws Exception {
    IpAddress vip = IpAddress.of("10.96.0.10");
    assertThat(parse("192.0.2.10", "10.96.0.10:80"))
        .isEqualTo(
            new Question(Optional.of(IpAddress.of("192.0.2.10")), 0, "", vip, 80, Protocol.TCP));
    assertThat(parse("node", "10.96.0.10:53/udp"))
        .isEqualTo(new Question(Optional.empty(), 0, "", vip, 53, Protocol.UDP));
    assertThat(parse("default/web-1", "10.96.0.10:80/SCTP"))
        .isEqualTo(new Question(Optional.of(POD), 0, "", vip, 80, Protocol.SCTP));
    assertThat(parse("10.244.0.5:40000", "10.96.0.10:80").clientPort()).isEqualTo(40_000);
    Question six = parse("[2001:db8::10]:40000", "[fd00:96::10]:80/tcp");
    assertThat(six.clientText()).isEqualTo("[2001:db8::10]:40000");
    assertThat(six.destinationText()).isEqualTo("[fd00:96::10]:80/TCP");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.10    | 10.96.0.10            | has no port: write 10.96.0.10:80",
        "192.0.2.10    | fd00:96::10           | has no port: write [fd00:96::10]:80",
        "192.0.2.10    | 10.96.0.10:0          | port '0' is not in 1..65535",
        "192.0.2.10    | 10.96.0.10:http       | port 'http' is not in 1..65535",
        "192.0.2.10    | 10.96.0.010:80        | write 10.96.0.10:80 or [fd00:96::10]:80",
        "192.0.2.10    | [10.96.0.10]:80       | write 10.96.0.10:80 or [fd00:96::10]:80",
        "192.0.2.10    | 10.96.0.10:80/icmp    | it is tcp, udp or sctp",
        "192.0.2.10    | [fd00:96::10]:80      | are of two families",
        "somebody      | 10.96.0.10:80         | NAMESPACE/POD, or node for this node itself",
        "default/web-9 | 10.96.0.10:80         | no endpoint is a pod of that name",
        "default/web-1 | [fd00:96::10]:80      | which is of the other family",
      })
  void whatCannotBeReadIsSaidWithWhatWouldBeRight(String client, String destination, String said) {
    assertThatThrownBy(() -> parse(client, destination))
        .isInstanceOf(Questions.UnreadableException.class)
        .hasMessageContaining(said);
  }
}
