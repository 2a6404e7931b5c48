package io.kubeipvs.ipvs;

import static io.kubeipvs.ipvs.GivenIpvs.server;
import static io.kubeipvs.ipvs.GivenIpvs.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.IpvsCommand.AddServer;
import io.kubeipvs.ipvs.IpvsCommand.AddService;
import io.kubeipvs.ipvs.IpvsCommand.DeleteService;
import io.kubeipvs.ipvs.IpvsCommand.UpdateService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.Errno;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a table keeps of a virtual service and what it refuses. */
interface VirtualServiceContract extends GivenIpvs {
  @ParameterizedTest
  @MethodSource("io.kubeipvs.ipvs.GivenIpvs#keys")
  default void addedServiceIsReadBack(ServiceKey key) throws IOException {
    succeed(new AddService(service(key)));
    ObservedService expected = new ObservedService(service(key), Statistics.ZERO);
    assertThat(table().services()).containsExactly(expected);
    assertThat(table().services(key.family())).containsExactly(expected);
    assertThat(table().services(key.family().other())).isEmpty();
    assertThat(table().service(key)).contains(expected);
    assertThat(table().servers(key)).isEmpty();
  }

  @Test
  default void sameAddressAndPortOfAnotherProtocolIsAnotherService() throws IOException {
    ServiceKey udp = ServiceKey.of(Protocol.UDP, IpAddress.of("10.96.0.10"), 80);
    succeed(
        new AddService(service(V4)),
        new AddService(service(udp)),
        new AddServer(V4, server(V4, 1)),
        new AddServer(udp, server(V4, 2)));
    assertThat(servers(V4)).containsExactly(server(V4, 1));
    assertThat(servers(udp)).containsExactly(server(V4, 2));
  }

  @Test
  default void aMarkOfEachFamilyIsAServiceOfItsOwn() throws IOException {
    succeed(new AddService(service(MARK)), new AddService(service(MARK6)));
    assertThat(table().services()).hasSize(2);
    succeed(new DeleteService(MARK));
    assertThat(table().service(MARK)).isEmpty();
    assertThat(table().service(MARK6)).isPresent();
  }

  @Test
  default void anyProtocolNumberIsKept() throws IOException {
    ServiceKey esp = ServiceKey.of(new Protocol(50), IpAddress.of("10.96.0.10"), 80);
    succeed(new AddService(service(esp)));
    assertThat(table().service(esp).orElseThrow().service()).isEqualTo(service(esp));
    succeed(new DeleteService(esp));
  }

  @Test
  default void updateInPlaceKeepsTheServers() throws IOException {
    VirtualService changed =
        new VirtualService(
            V4,
            Scheduler.SOURCE_HASHING,
            ServiceFlags.NONE.with(ServiceFlags.PERSISTENT | ServiceFlags.SCHEDULER_2),
            360,
            0xffff_ff00,
            "");
    succeed(
        new AddService(service(V4)), new AddServer(V4, server(V4, 1)), new UpdateService(changed));
    assertThat(table().service(V4).orElseThrow().service()).isEqualTo(changed);
    assertThat(servers(V4)).containsExactly(server(V4, 1));
    succeed(new UpdateService(service(V4)));
    assertThat(table().service(V4).orElseThrow().service()).isEqualTo(service(V4));
  }

  @Test
  default void deletedServiceTakesItsServersAlong() throws IOException {
    succeed(
        new AddService(service(V4)),
        new AddServer(V4, server(V4, 1)),
        new DeleteService(V4),
        new AddService(service(V4)));
    assertThat(servers(V4)).isEmpty();
  }

  @Test
  default void everyFlagIsKept() throws IOException {
    for (int bit :
        new int[] {
          ServiceFlags.ONE_PACKET,
          ServiceFlags.SCHEDULER_1,
          ServiceFlags.SCHEDULER_2,
          ServiceFlags.SCHEDULER_3,
          0x40,
          0x8000_0000
        }) {
      VirtualService flagged = service(V6).withFlags(bit);
      succeed(new AddService(flagged));
      assertThat(table().service(V6).orElseThrow().service()).isEqualTo(flagged);
      succeed(new DeleteService(V6));
    }
  }

  @Test
  default void persistenceIsKeptWithMaskAndEngine() throws IOException {
    VirtualService sticky = service(V6).withPersistence(10_800);
    VirtualService masked =
        new VirtualService(
            V6, sticky.scheduler(), sticky.flags(), sticky.persistenceSeconds(), 64, "sip");
    succeed(new AddService(masked));
    assertThat(table().service(V6).orElseThrow().service()).isEqualTo(masked);
  }

  @Test
  default void anotherEngineOrNoneReplacesTheFirst() throws IOException {
    VirtualService plain = service(V6).withPersistence(60);
    VirtualService sip =
        new VirtualService(V6, plain.scheduler(), plain.flags(), 60, plain.netmask(), "sip");
    succeed(new AddService(plain), new UpdateService(sip));
    assertThat(table().service(V6).orElseThrow().service()).isEqualTo(sip);
    succeed(new UpdateService(plain));
    assertThat(table().service(V6).orElseThrow().service()).isEqualTo(plain);
  }

  @Test
  default void everySchedulerIsKept() throws IOException {
    for (String name :
        List.of(
            "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "mh", "fo",
            "ovf")) {
      VirtualService service = VirtualService.of(V4, new Scheduler(name));
      succeed(new AddService(service));
      assertThat(table().service(V4).orElseThrow().service()).isEqualTo(service);
      succeed(new DeleteService(V4));
    }
  }

  @Test
  default void unknownSchedulerAndEngineAreRefused() throws IOException {
    refused(Errno.ENOENT, new AddService(VirtualService.of(V4, new Scheduler("nosuch"))));
    VirtualService engine =
        new VirtualService(V4, Scheduler.ROUND_ROBIN, ServiceFlags.NONE, 0, -1, "nosuch");
    refused(Errno.ENOENT, new AddService(engine));
    assertThat(table().services()).isEmpty();
    succeed(new AddService(service(V4)));
    refused(Errno.ENOENT, new UpdateService(VirtualService.of(V4, new Scheduler("nosuch"))));
    refused(Errno.ENOENT, new UpdateService(engine));
    assertThat(table().service(V4).orElseThrow().service()).isEqualTo(service(V4));
  }

  @Test
  default void prefixLengthOutOfRangeIsRefused() throws IOException {
    for (int length : new int[] {0, 129, -1}) {
      refused(
          Errno.EINVAL,
          new AddService(
              new VirtualService(V6, Scheduler.ROUND_ROBIN, ServiceFlags.NONE, 0, length, "")));
    }
  }
}
