package io.kubeipvs.ipvs;

import java.util.Optional;

/** What a command line that changes something asks for. */
sealed interface IpvsadmChange {

  /** One that many can be sent of at a time. */
  record Table(IpvsCommand command) implements IpvsadmChange {}

  record Clear() implements IpvsadmChange {}

  /** Of all services, or of one. */
  record Zero(Optional<ServiceKey> key) implements IpvsadmChange {}

  record SetTimeouts(IpvsTimeouts timeouts) implements IpvsadmChange {}

  record StartDaemon(SyncDaemon daemon) implements IpvsadmChange {}

  record StopDaemon(SyncDaemon.State state) implements IpvsadmChange {}
}
