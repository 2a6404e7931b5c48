package io.kubeipvs.proxy.status;

import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.proxy.metrics.Owners;
import java.util.Locale;
import java.util.Optional;

/**
 * A virtual service of the kernel.
 *
 * @param owner empty for one that is not ours
 * @param active connections of all its servers
 */
record Row(
    Optional<Owners.Owner> owner,
    ObservedService observed,
    long active,
    long inactive,
    int serving,
    int draining) {

  ServiceKey key() {
    return observed.service().key();
  }

  long rate() {
    return observed.statistics().connectionRate();
  }

  /** Empty for one that is not ours; such come last. */
  String name() {
    return owner.map(each -> each.service().toString()).orElse("");
  }

  String kind() {
    return owner.map(Owners.Owner::kind).orElse("foreign");
  }

  /** Everything a person may look for, in lower case. */
  String text() {
    String port = owner.map(Owners.Owner::port).orElse("");
    return (name() + ' ' + port + ' ' + kind() + ' ' + key() + ' ' + observed.service().scheduler())
        .toLowerCase(Locale.ROOT);
  }
}
