package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.plan.Claim;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Virtual services that no entry of our sets claims: keepalived's, or made by hand. */
final class ForeignServicesCheck implements Check {
  static final String ID = "foreign-services";

  @Override
  public List<Finding> look(NodeFacts facts) {
    Optional<Balancing> table = facts.balancing().value();
    Optional<List<ObservedSet>> sets = facts.sets().value();
    if (table.isEmpty() || sets.isEmpty()) {
      return List.of();
    }
    Set<Claim> claims = NodePorts.claims(sets.get());
    List<String> foreign =
        table.get().entries().stream()
            .filter(entry -> !isClaimed(entry.service().key(), claims))
            .map(entry -> IpvsadmText.service(entry.service()))
            .toList();
    if (foreign.isEmpty()) {
      return List.of(Finding.ok(ID, "every virtual service is one of the proxy's"));
    }
    return List.of(
        Finding.of(
                ID,
                Severity.INFO,
                foreign.size() + " virtual services are not the proxy's; it leaves them alone",
                foreign)
            .remedy(
                "if they are left over from somebody: ipvsadm -D ..., or"
                    + " --ipvs-foreign-services=delete"));
  }

  private static boolean isClaimed(ServiceKey key, Set<Claim> claims) {
    return key instanceof ServiceKey.Address address
        && (claims.contains(new Claim.Address(address))
            || claims.contains(new Claim.NodePort(address.protocol(), address.port())));
  }
}
