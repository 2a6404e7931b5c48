package io.kubeipvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the tools show belongs together: each virtual service is claimed by a set and its VIP is
 * bound, and there is nothing that is only half there.
 */
final class Agreement {
  private static final List<String> ADDRESS_CLAIMS =
      List.of(
          "CLUSTER-IP", "EXTERNAL-IP", "EXTERNAL-IP-LOCAL", "LOAD-BALANCER", "LOAD-BALANCER-LOCAL");

  private final KernelState state;
  private final Set<ServiceKey.Address> services = new TreeSet<>();
  private final Set<String> claims = new TreeSet<>();

  private Agreement(KernelState state, Set<ServiceKey> foreign) {
    this.state = state;
    for (ServiceKey key : state.services().keySet()) {
      if (!foreign.contains(key) && key instanceof ServiceKey.Address address) {
        services.add(address);
      }
    }
    ADDRESS_CLAIMS.forEach(set -> claims.addAll(state.entries(set)));
  }

  static void check(KernelState state, Set<ServiceKey> foreign) {
    Agreement agreement = new Agreement(state, foreign);
    agreement.everyClaimHasItsService();
    agreement.everyServiceIsClaimed();
    agreement.vipsAreBoundInOneWay();
    agreement.hairpinEntriesAreServers();
    assertThat(state.sets()).as("sets that rules use").containsAll(state.setsInRules());
  }

  private void everyClaimHasItsService() {
    Set<String> served = new TreeSet<>();
    services.forEach(service -> served.add(entry(service)));
    assertThat(served).as("virtual services of claimed addresses").containsAll(claims);
    for (String protocol : List.of("TCP", "UDP")) {
      for (String port : nodePorts(protocol)) {
        assertThat(services)
            .as("virtual services of node port " + port)
            .anyMatch(service -> isNodePort(service, protocol, port));
      }
    }
  }

  private void everyServiceIsClaimed() {
    for (ServiceKey.Address service : services) {
      String protocol = service.protocol().toString();
      boolean claimed =
          claims.contains(entry(service))
              || nodePorts(protocol).contains(Integer.toString(service.port()))
              || state.entries("NODE-PORT-SCTP-HAS[H]?").contains(entry(service));
      assertThat(claimed).as(service + " is in a set").isTrue();
    }
  }

  private void vipsAreBoundInOneWay() {
    Set<IpAddress> vips = new TreeSet<>();
    services.stream()
        .filter(service -> claims.contains(entry(service)))
        .forEach(service -> vips.add(service.address()));
    Set<IpAddress> bound = state.routed().isEmpty() ? state.addressed() : state.routed();
    assertThat(bound).as("bound VIPs").isEqualTo(vips);
    assertThat(state.routed().isEmpty() || state.addressed().isEmpty()).isTrue();
    Set<IpAddress> listed = new TreeSet<>();
    state.entries("IPVS-IPS").forEach(entry -> listed.add(IpAddress.of(entry)));
    assertThat(listed).as("IPVS-IPS").isEqualTo(vips);
  }

  private void hairpinEntriesAreServers() {
    Set<String> servers = new TreeSet<>();
    for (ServiceKey.Address service : services) {
      for (String server : state.servers(service).keySet()) {
        int colon = server.lastIndexOf(':');
        String address = server.substring(0, colon).replaceAll("[\\[\\]]", "");
        String port = service.protocol().lowerCaseName() + server.substring(colon);
        servers.add(address + "," + port + "," + address);
      }
    }
    assertThat(servers).as("servers").containsAll(state.entries("LOOP-BACK"));
  }

  private static String entry(ServiceKey.Address service) {
    return service.address() + "," + service.protocol().lowerCaseName() + ":" + service.port();
  }

  private Set<String> nodePorts(String protocol) {
    return state.entries("NODE-PORT-" + protocol);
  }

  private boolean isNodePort(ServiceKey.Address service, String protocol, String port) {
    return service.protocol().toString().equals(protocol)
        && Integer.toString(service.port()).equals(port)
        && !claims.contains(entry(service));
  }
}
