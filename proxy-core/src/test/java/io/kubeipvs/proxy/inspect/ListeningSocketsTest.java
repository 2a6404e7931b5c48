package io.kubeipvs.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines as {@code /proc/net} showed them on Linux 6.1, of a machine with the same byte order. */
class ListeningSocketsTest {
  private static final String TCP =
      """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0100007F:2809 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1
         1: 0100007F:2809 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 102 1
      """;
  private static final String UDP6 =
      """
        sl  local_address                         remote_address                        st tx_queue
       26: 00000000000000000000000000000000:270F 00000000000000000000000000000000:0000 07 00000000:
      """;
  private static final String SCTP =
      """
       ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS
      ffff8880 ffff8881 2   10  29   8080       0 1234 10.244.0.5
      ffff8882 ffff8883 2   3   30   40000      0 1235 10.244.0.6
      """;

  private final Path net;

  ListeningSocketsTest(@TempDir Path net) {
    this.net = net;
  }

  @Test
  void whatListensIsShownAndWhatIsConnectedIsNot() throws IOException {
    assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    Files.writeString(net.resolve("tcp"), TCP);
    Files.writeString(net.resolve("udp6"), UDP6);
    Files.createDirectory(net.resolve("sctp"));
    Files.writeString(net.resolve("sctp/eps"), SCTP);
    assertThat(ListeningSockets.read(net))
        .containsExactly(
            new Listener(Protocol.TCP, IpAddress.of("127.0.0.1"), 10_249),
            new Listener(Protocol.UDP, IpAddress.of("::"), 9999),
            new Listener(Protocol.SCTP, IpAddress.of("10.244.0.5"), 8080));
  }

  @Test
  void aLineThatIsNoneIsSaid() throws IOException {
    Files.writeString(net.resolve("tcp"), "names\n 0: nonsense:zz 0 0A more\n");
    assertThatThrownBy(() -> ListeningSockets.read(net))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tcp: ");
  }
}
