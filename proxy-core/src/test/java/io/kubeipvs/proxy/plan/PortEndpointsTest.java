package io.kubeipvs.proxy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.SliceName;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortEndpointsTest {
  private static final ServicePort HTTP = new ServicePort("http", Protocol.TCP, 80, 0);

  @Test
  void nameAndProtocolMakeTheConnectionNotTheNumber() {
    EndpointSlice slice =
        slice(
            "a",
            List.of(
                new EndpointPort("http", Protocol.TCP, 8080),
                new EndpointPort("http2", Protocol.TCP, 80),
                new EndpointPort("dns", Protocol.UDP, 53)),
            endpoint("10.1.0.1", "node1"));
    assertThat(keys(slice)).containsExactly(new ServerKey(IpAddress.of("10.1.0.1"), 8080));
  }

  @Test
  void slicesOfTheOtherFamilyAreLeftOut() {
    EndpointSlice slice =
        slice(
            "a",
            List.of(new EndpointPort("http", Protocol.TCP, 80)),
            endpoint("10.1.0.1", "node1"));
    assertThat(PortEndpoints.of(HTTP, AddressFamily.IPV6, List.of(slice), "node1")).isEmpty();
  }

  @Test
  void ofTwoCopiesTheLocalOneCounts() {
    List<EndpointPort> ports = List.of(new EndpointPort("http", Protocol.TCP, 80));
    EndpointSlice remote = slice("a", ports, endpoint("10.1.0.1", "node2"));
    EndpointSlice local = slice("b", ports, endpoint("10.1.0.1", "node1"));
    for (List<EndpointSlice> slices : List.of(List.of(remote, local), List.of(local, remote))) {
      assertThat(PortEndpoints.of(HTTP, AddressFamily.IPV4, slices, "node1"))
          .extracting(each -> each.endpoint().nodeName())
          .containsExactly("node1");
    }
  }

  @Test
  void ofTwoRemoteCopiesTheFirstSlicesCounts() {
    List<EndpointPort> ports = List.of(new EndpointPort("http", Protocol.TCP, 80));
    EndpointSlice first = slice("a", ports, endpoint("10.1.0.1", "node2"));
    EndpointSlice second = slice("b", ports, endpoint("10.1.0.1", "node3"));
    assertThat(PortEndpoints.of(HTTP, AddressFamily.IPV4, List.of(second, first), "node1"))
        .extracting(each -> each.endpoint().nodeName())
        .containsExactly("node2");
  }

  private static List<ServerKey> keys(EndpointSlice slice) {
    return PortEndpoints.of(HTTP, AddressFamily.IPV4, List.of(slice), "node1").stream()
        .map(PortEndpoint::key)
        .toList();
  }

  private static Endpoint endpoint(String address, String node) {
    return Endpoint.of(IpAddress.of(address), node);
  }

  private static EndpointSlice slice(String name, List<EndpointPort> ports, Endpoint... endpoints) {
    return new EndpointSlice(
        new SliceName("default", name),
        new ServiceName("default", "web"),
        AddressFamily.IPV4,
        ports,
        Stream.of(endpoints).toList());
  }
}
