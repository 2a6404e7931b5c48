package io.kubeipvs.ipvs.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeipvs.ipvs.ForwardingMethod;
import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.IpvsCommand.UpdateServer;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceFlags;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.SyncDaemon;
import io.kubeipvs.ipvs.Tunnel;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.AttributeReader;
import io.kubeipvs.netlink.AttributeWriter;
import io.kubeipvs.netlink.MalformedMessageException;
import io.kubeipvs.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class IpvsCodecTest {
  private static final ServiceKey WEB = ServiceKey.of(Protocol.TCP, IpAddress.of("10.96.0.10"), 80);
  private static final ServiceKey DNS = ServiceKey.of(Protocol.UDP, IpAddress.of("fd00::10"), 53);

  private static final VirtualService STICKY_WEB =
      VirtualService.of(WEB, Scheduler.ROUND_ROBIN).withPersistence(10_800);
  private static final VirtualService SIP =
      new VirtualService(
          DNS,
          Scheduler.SOURCE_HASHING,
          new ServiceFlags(ServiceFlags.PERSISTENT | ServiceFlags.SCHEDULER_2),
          300,
          64,
          "sip");

  private static final SyncDaemon MASTER =
      new SyncDaemon(
          SyncDaemon.State.MASTER, "lo", 7, 1000, Optional.of(IpAddress.of("224.0.0.99")), 9000, 3);

  private static RealServer server(int weight, int upper, int lower) {
    return new RealServer(
        new ServerKey(IpAddress.of("10.1.0.1"), 8080),
        ForwardingMethod.MASQUERADE,
        weight,
        upper,
        lower,
        Tunnel.DEFAULT);
  }

  private static void same(AttributeWriter written, String golden) {
    assertThat(GoldenMessage.rows(written)).isEqualTo(GoldenMessage.read(golden).rows());
  }

  @Test
  void newServiceIsTheToolsBytes() {
    same(IpvsCodec.encode(new AddService(STICKY_WEB)), "new-service");
    same(IpvsCodec.encode(new AddService(SIP)), "new-service-v6");
    ServiceKey mark = ServiceKey.ofMark(AddressFamily.IPV6, 7);
    same(
        IpvsCodec.encode(new AddService(VirtualService.of(mark, Scheduler.MAGLEV_HASHING))),
        "new-service-mark");
  }

  @Test
  void newAndSetServerAreTheToolsBytes() {
    same(IpvsCodec.encode(new AddServer(WEB, server(3, 100, 50))), "new-dest");
    same(IpvsCodec.encode(new UpdateServer(WEB, server(0, 0, 0))), "set-dest");
  }

  @Test
  void questionsAreTheToolsBytes() {
    same(IpvsCodec.getServices(), "get-service");
    same(IpvsCodec.getServers(WEB), "get-dest");
    same(IpvsCodec.getTimeouts(), "get-config");
    same(IpvsCodec.getDaemons(), "get-daemon");
  }

  @Test
  void changesOfTheWholeTableAreTheToolsBytes() {
    same(IpvsCodec.flush(), "flush");
    same(IpvsCodec.zero(), "zero");
    same(IpvsCodec.setTimeouts(new IpvsTimeouts(1000, 60, 30)), "set-config");
    same(IpvsCodec.startDaemon(MASTER), "new-daemon");
  }

  @Test
  void servicesAreRead() throws Exception {
    assertThat(IpvsCodec.decodeService(GoldenMessage.read("service").message()))
        .isEqualTo(new ObservedService(STICKY_WEB, Statistics.ZERO));
    assertThat(IpvsCodec.decodeService(GoldenMessage.read("service-v6").message()))
        .isEqualTo(new ObservedService(SIP, Statistics.ZERO));
    assertThat(IpvsCodec.decodeService(GoldenMessage.read("new-service-mark").message()).service())
        .isEqualTo(
            VirtualService.of(ServiceKey.ofMark(AddressFamily.IPV6, 7), Scheduler.MAGLEV_HASHING));
  }

  @Test
  void serversAreRead() throws Exception {
    assertThat(decodeServer(AddressFamily.IPV4, "dest"))
        .isEqualTo(new ObservedServer(server(3, 0, 0), 0, 0, 0, Statistics.ZERO));
    RealServer tunnel =
        new RealServer(
            new ServerKey(IpAddress.of("10.1.0.9"), 53),
            ForwardingMethod.TUNNEL,
            1,
            0,
            0,
            new Tunnel(Tunnel.GUE, 6080, Tunnel.CHECKSUM));
    assertThat(decodeServer(AddressFamily.IPV6, "dest-tunnel").server()).isEqualTo(tunnel);
  }

  private static ObservedServer decodeServer(AddressFamily family, String golden) throws Exception {
    return IpvsCodec.decodeServer(family, GoldenMessage.read(golden).message());
  }

  @Test
  void timeoutsAndDaemonsAreRead() throws Exception {
    assertThat(IpvsCodec.decodeTimeouts(GoldenMessage.read("config").message()))
        .isEqualTo(new IpvsTimeouts(1000, 60, 30));
    assertThat(IpvsCodec.decodeDaemon(GoldenMessage.read("new-daemon").message()))
        .isEqualTo(MASTER);
    assertThat(IpvsCodec.decodeDaemon(GoldenMessage.read("new-daemon-v6").message()).group())
        .contains(IpAddress.of("ff02::81"));
  }

  @Test
  void wideStatisticsWinWhereverTheyStand() throws Exception {
    // Kernels before 4.1 have the narrow ones (10) only, newer ones put the wide ones (12) behind.
    for (boolean wideFirst : new boolean[] {true, false}) {
      AttributeWriter out = IpvsCodec.getServices();
      out.nested(
          1,
          service -> {
            service.u16(1, 2).u16(2, 6).address(3, IpAddress.of("10.96.0.10")).port(4, 80);
            service.nested(wideFirst ? 12 : 10, s -> counters(s, wideFirst));
            service.nested(wideFirst ? 10 : 12, s -> counters(s, !wideFirst));
          });
      assertThat(decodeService(out).statistics().connections()).isEqualTo(0x1_0000_0001L);
    }
  }

  private static void counters(AttributeWriter out, boolean wide) {
    if (wide) {
      out.bytes(1, new byte[] {1, 0, 0, 0, 1, 0, 0, 0});
    } else {
      out.u32(1, 1);
    }
  }

  @Test
  void narrowStatisticsAreUnsigned() throws Exception {
    AttributeWriter out =
        new AttributeWriter()
            .u32(1, -1)
            .u32(2, 2)
            .bytes(4, new byte[] {4, 0, 0, 0, 0, 0, 0, 0})
            .u32(10, 10)
            .u32(99, 0);
    assertThat(StatisticsCodec.decode(new AttributeReader(out.toBuffer())))
        .isEqualTo(new Statistics(0xffff_ffffL, 2, 0, 4, 0, 0, 0, 0, 0, 10));
  }

  @Test
  void serverOfAnOldKernelIsOfItsServicesFamily() throws Exception {
    AttributeWriter out = IpvsCodec.getServices();
    out.nested(2, server -> server.address(1, IpAddress.of("fd00::1")).port(2, 80));
    assertThat(IpvsCodec.decodeServer(AddressFamily.IPV6, message(out)).server().key().toString())
        .isEqualTo("[fd00::1]:80");
  }

  @Test
  void unknownSchedulerAndAttributesAreKeptAndSkipped() throws Exception {
    AttributeWriter out = IpvsCodec.getServices();
    out.nested(
        1,
        service ->
            service
                .u16(1, 2)
                .u16(2, 6)
                .address(3, IpAddress.of("10.96.0.10"))
                .port(4, 80)
                .string(6, "brandnew")
                .u32(200, 7));
    assertThat(decodeService(out).service().scheduler()).isEqualTo(new Scheduler("brandnew"));
  }

  @Test
  void unreadableServicesAreMalformed() {
    for (AttributeWriter broken :
        List.of(
            IpvsCodec.getServices(),
            IpvsCodec.getServices().nested(1, s -> s.u16(1, 7)),
            IpvsCodec.getServices().nested(1, s -> s.u16(1, 2).u16(2, 6).bytes(3, new byte[5])),
            IpvsCodec.getServices().nested(1, s -> s.u16(1, 2).u16(2, 256)),
            IpvsCodec.getServices().nested(1, s -> s.u16(1, 2).u32(5, 1).string(6, "x".repeat(16))),
            IpvsCodec.getServices().nested(1, s -> s.u16(1, 2).u32(5, 1).u32(7, 0)))) {
      assertThatThrownBy(() -> decodeService(broken)).isInstanceOf(MalformedMessageException.class);
    }
  }

  private static ObservedService decodeService(AttributeWriter out) throws Exception {
    return IpvsCodec.decodeService(message(out));
  }

  private static NetlinkMessage message(AttributeWriter out) {
    ByteBuffer buffer = out.toBuffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return GoldenMessage.message(bytes);
  }

  @RepeatedTest(50)
  void anyBytesAreReadOrMalformed(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (String golden :
        List.of("service", "service-v6", "dest", "dest-tunnel", "new-daemon", "config")) {
      byte[] bytes = GoldenMessage.read(golden).bytes();
      for (int i = 0; i < 100; i++) {
        byte[] broken = bytes.clone();
        for (int flips = random.nextInt(6); flips >= 0; flips--) {
          broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        read(
            GoldenMessage.message(
                Arrays.copyOf(
                    broken,
                    random.nextInt(4) == 0 ? random.nextInt(broken.length) : broken.length)));
      }
    }
  }

  private static void read(NetlinkMessage message) {
    List<Decoder> decoders =
        List.of(
            IpvsCodec::decodeService,
            m -> IpvsCodec.decodeServer(AddressFamily.IPV4, m),
            IpvsCodec::decodeDaemon,
            IpvsCodec::decodeTimeouts,
            IpvsCodec::decodeInfo);
    for (Decoder decoder : decoders) {
      try {
        assertThat(decoder.decode(message).toString()).isNotEmpty();
      } catch (MalformedMessageException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  private interface Decoder {
    Object decode(NetlinkMessage message) throws MalformedMessageException;
  }
}
